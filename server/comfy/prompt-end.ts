import type { Prompt } from '../../lib/workflow/prompt.ts';
import type { PromptEnd } from '../jobs/pod-events.ts';

/** An end that history itself tells. */
export type HistoryEnd = Extract<PromptEnd, { kind: 'succeeded' | 'failed' | 'interrupted' }>;

/**
 * How a prompt ended, from its entry in `GET /history/{id}` (§4 of the protocol). `prompt` names the nodes in sentences
 * where it is given.
 * @returns undefined where the entry cannot be understood
 */
export function readHistoryEntry(_entry: unknown, _prompt?: Prompt): HistoryEnd | undefined {
  return undefined;
}

import { z } from 'zod';
import { nodeLabel } from '../../lib/workflow/node-label.ts';
import type { Prompt } from '../../lib/workflow/prompt.ts';
import { capital } from '../../lib/jobs/words.ts';
import type { EndedNodes, PromptEnd } from '../jobs/pod-events.ts';
import { classifyFailure } from './classify.ts';
import { blockedWarning } from './failures/execution-failure.ts';
import { readOutputs } from './pod-outputs.ts';

/** An end that history itself tells. */
export type HistoryEnd = Extract<PromptEnd, { kind: 'succeeded' | 'failed' | 'interrupted' }>;

const entrySchema = z.object({
  /** `[number, prompt_id, prompt, extra_data, outputs]`: the last names the output nodes that were to run. */
  prompt: z
    .tuple([z.unknown(), z.unknown(), z.unknown(), z.unknown(), z.array(z.string())])
    .rest(z.unknown())
    .nullish()
    .catch(null),
  outputs: z.record(z.string(), z.unknown()).nullish(),
  status: z
    .object({
      status_str: z.string().nullish(),
      completed: z.boolean().nullish(),
      messages: z.array(z.unknown()).nullish(),
    })
    .nullish(),
});
const messageSchema = z.tuple([z.string(), z.unknown()]).rest(z.unknown());

/**
 * How a prompt ended, from its entry in `GET /history/{id}` (§4 of the protocol). `prompt` names the nodes in sentences
 * where it is given.
 * @returns undefined where the entry cannot be understood
 */
export function readHistoryEntry(entry: unknown, prompt?: Prompt): HistoryEnd | undefined {
  const read = entrySchema.safeParse(entry);
  if (!read.success) return undefined;
  const { outputs, warnings } = readOutputs(read.data.outputs);
  const status = read.data.status;
  const messages = (status?.messages ?? []).flatMap((message) => {
    const parsed = messageSchema.safeParse(message);
    return parsed.success ? [{ type: parsed.data[0], data: parsed.data[1] }] : [];
  });
  const ending = messages.findLast(({ type }) => type === 'execution_error' || type === 'execution_interrupted');
  if (status?.status_str === 'error') {
    if (ending?.type === 'execution_interrupted') return { kind: 'interrupted' };
    const seen = { kind: 'execution', data: ending?.data, ...(prompt && { prompt }) } as const;
    return { kind: 'failed', error: classifyFailure(seen), outputs, ...endedNodes(messages) };
  }
  if (status?.status_str === 'success' || status?.completed === true) {
    const blocked = messages.flatMap(({ type, data }) => {
      const warning = type === 'execution_error' ? blockedWarning(data, prompt) : undefined;
      return warning === undefined ? [] : [warning];
    });
    const warned = [...warnings, ...blocked, ...emptyHanded(read.data, prompt)];
    return { kind: 'succeeded', outputs, warnings: [...new Set(warned)], ...endedNodes(messages) };
  }
  // A pod that writes no status still writes what its prompts made.
  return outputs.length > 0 ? { kind: 'succeeded', outputs, warnings } : undefined;
}

const namedNodesSchema = z.object({
  nodes: z.array(z.string()).catch([]),
  executed: z.array(z.string()).catch([]),
});

/** What its messages say of nodes; nothing where that is nothing. */
function endedNodes(messages: readonly { type: string; data: unknown }[]): { nodes?: EndedNodes } {
  const named = (type: string, field: 'nodes' | 'executed') =>
    messages.flatMap((one) => (one.type === type ? (namedNodesSchema.safeParse(one.data).data?.[field] ?? []) : []));
  const nodes = { cached: named('execution_cached', 'nodes'), done: named('execution_error', 'executed') };
  return nodes.cached.length + nodes.done.length > 0 ? { nodes } : {};
}

/** Core nodes that leave an entry in history whenever they run. */
const ALWAYS_LEAVES =
  /^(SaveImage|PreviewImage|SaveAnimated(WEBP|PNG)|SaveVideo|SaveWEBM|SaveAudio(MP3|Opus)?|PreviewAudio)$/;

/** History does not tell that a node was blocked; that it made nothing although it was to run shows it. */
function emptyHanded(entry: z.infer<typeof entrySchema>, prompt: Prompt = {}): string[] {
  return (entry.prompt?.[4] ?? [])
    .filter((id) => Object.hasOwn(prompt, id) && ALWAYS_LEAVES.test(prompt[id]?.class_type ?? ''))
    .filter((id) => !Object.hasOwn(entry.outputs ?? {}, id))
    .slice(0, 20)
    .map((id) => `${capital(nodeLabel(id, prompt))} made no output.`);
}

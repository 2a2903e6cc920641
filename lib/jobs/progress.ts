import { z } from 'zod';
import type { Prompt } from '../workflow/prompt.ts';
import type { PodEvent } from './pod-event.ts';

/** What a person is told about the present moment of a running job. */
export const PHASES = ['queued', 'loading', 'sampling', 'saving'] as const;
export const phaseSchema = z.enum(PHASES);
export type Phase = z.infer<typeof phaseSchema>;

/** The live picture of one attempt, small enough to be sent ten times a second. */
export const jobProgressSchema = z.object({
  promptId: z.string(),
  /** 0–100, never falling within an attempt, 100 only when the pod reported success. */
  percent: z.number().min(0).max(100),
  phase: phaseSchema,
  /** The node that runs now. `value`/`max` are its own steps. */
  node: z.object({ id: z.string(), name: z.string(), value: z.number(), max: z.number() }).optional(),
  /** Place in the pod's queue, 1 = next, while `phase` is `queued`. */
  queuePosition: z.number().int().positive().optional(),
});
export type JobProgress = z.infer<typeof jobProgressSchema>;

/** What the fold below keeps of one attempt. Opaque to callers. */
export interface ProgressFold {
  readonly promptId: string;
  readonly prompt: Prompt;
  readonly progress: JobProgress;
}

/** The fold of a prompt just accepted, or, with `from`, of one followed again. */
export function startProgress(promptId: string, prompt: Prompt, from?: JobProgress): ProgressFold {
  return {
    promptId,
    prompt,
    progress: from?.promptId === promptId ? from : { promptId, percent: 0, phase: 'queued' },
  };
}

/** What REST says about a prompt that has not ended. */
export type ProgressLook = { type: 'pending'; position: number } | { type: 'running' };

/** The fold after one event or look; the same object where nothing changed. Events of other prompts change nothing. */
export function foldProgress(fold: ProgressFold, _event: PodEvent | ProgressLook): ProgressFold {
  return fold;
}

import { z } from 'zod';
import { MAX_PROMPT_NODES, promptSchema } from '../../lib/workflow/prompt.ts';
import type { KnownWhereabouts, SurveyedPrompt } from '../jobs/pod-client.ts';

/** `[number, prompt_id, prompt, extra_data, outputs]`, as in the queue and inside an entry of history. */
const rowSchema = z.tuple([z.unknown(), z.string().max(200), z.unknown(), z.unknown()]).rest(z.unknown());
const toldSchema = z.object({
  podium: z.object({
    jobId: z.uuid(),
    attempt: z.number().int().positive().catch(1),
    promptId: z.uuid().optional().catch(undefined),
    desk: z.string().max(200).optional().catch(undefined),
    name: z.string().max(200).optional().catch(undefined),
  }),
  extra_pnginfo: z.object({ workflow: z.unknown() }).optional().catch(undefined),
});
const entrySchema = z.object({
  prompt: z.unknown(),
  status: z
    .object({ messages: z.array(z.unknown()).catch([]) })
    .optional()
    .catch(undefined),
});
const endMessageSchema = z.tuple([
  z.enum(['execution_success', 'execution_error', 'execution_interrupted']),
  z.object({ timestamp: z.number().nonnegative() }),
]);

/** A queue row or history row that somebody's Podium has submitted; `onPod` is the pod's id of the prompt. */
export type PodiumRow = Omit<SurveyedPrompt, 'where' | 'endedAt'> & { onPod: string };

/** The row as Podium's; undefined where it is not, or where its ids are none of ours. */
export function readPodiumRow(row: unknown): PodiumRow | undefined {
  const parsed = rowSchema.safeParse(row);
  if (!parsed.success) return undefined;
  const [, onPod, prompt, extraData] = parsed.data;
  const told = toldSchema.safeParse(extraData);
  if (!told.success) return undefined;
  const { jobId, attempt, promptId, desk, name } = told.data.podium;
  const ours = z.uuid().safeParse(promptId ?? onPod);
  if (!ours.success) return undefined;
  return {
    onPod,
    promptId: ours.data,
    jobId,
    attempt,
    ...(desk !== undefined && { desk }),
    ...(name !== undefined && { name }),
    work: () => workOf(prompt, told.data.extra_pnginfo?.workflow),
  };
}

/** The id under which the pod has a prompt, from any of its rows. */
export function idOfRow(row: unknown): string | undefined {
  return rowSchema.safeParse(row).data?.[1];
}

/** What an entry of history says beside how it ended: its row, and when it ended by the pod's clock. */
export function readPodiumEntry(entry: unknown): { row: PodiumRow; endedAt?: number } | undefined {
  const parsed = entrySchema.safeParse(entry);
  const row = parsed.success ? readPodiumRow(parsed.data.prompt) : undefined;
  if (!row) return undefined;
  const messages = parsed.data?.status?.messages ?? [];
  const times = messages.map((message) => endMessageSchema.safeParse(message).data?.[1].timestamp);
  const endedAt = times.findLast((time) => time !== undefined);
  return { row, ...(endedAt !== undefined && { endedAt }) };
}

/** A row together with where it is. */
export function surveyed(
  { onPod: _pods, ...row }: PodiumRow,
  where: KnownWhereabouts,
  endedAt?: number,
): SurveyedPrompt {
  return { ...row, where, ...(endedAt !== undefined && { endedAt }) };
}

function workOf(prompt: unknown, workflow: unknown): ReturnType<SurveyedPrompt['work']> {
  const parsed = promptSchema.safeParse(prompt);
  if (!parsed.success) return undefined;
  const nodes = Object.keys(parsed.data).length;
  if (nodes === 0 || nodes > MAX_PROMPT_NODES) return undefined;
  return { prompt: parsed.data, ...(workflow !== undefined && { workflow }) };
}

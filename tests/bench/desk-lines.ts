import { z } from 'zod';

export const deskOptionsSchema = z.object({
  redisUrl: z.string(),
  dataDir: z.string(),
  podUrls: z.array(z.string()),
  slots: z.number(),
  /** Whether progress of jobs whose pod this process drives is told. */
  progress: z.boolean(),
});
export type DeskProcessOptions = z.infer<typeof deskOptionsSchema>;

export const deskLineSchema = z.discriminatedUnion('event', [
  z.object({ event: z.literal('ready') }),
  /** `value`: of the node that runs. */
  z.object({ event: z.literal('progress'), jobId: z.string(), value: z.number() }),
  /** All jobs of `run` are durable. */
  z.object({ event: z.literal('accepted') }),
  /** All jobs of `run` have ended. */
  z.object({ event: z.literal('ran') }),
  z.object({ event: z.literal('driven'), pods: z.array(z.string()) }),
]);
export type DeskLine = z.infer<typeof deskLineSchema>;

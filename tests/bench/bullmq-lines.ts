import { z } from 'zod';

export const bullmqLineSchema = z.discriminatedUnion('event', [
  /** Its worker has begun to look for jobs, and for stalled ones. */
  z.object({ event: z.literal('working'), queue: z.string() }),
  /** Its worker was given the queue's job. */
  z.object({ event: z.literal('took'), queue: z.string() }),
]);
export type BullmqLine = z.infer<typeof bullmqLineSchema>;

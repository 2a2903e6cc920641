import { z } from 'zod';

export const podsLineSchema = z.discriminatedUnion('event', [
  z.object({ event: z.literal('listening'), urls: z.array(z.string()) }),
  /** A prompt, where each is to be told. */
  z.object({ event: z.literal('arrived'), machineMs: z.number() }),
  /** Jobs that were posted, and those of them that were posted more than once. */
  z.object({ event: z.literal('counted'), jobs: z.number(), twice: z.number() }),
]);
export type PodsLine = z.infer<typeof podsLineSchema>;

import { z } from 'zod';
import { jobErrorCodeSchema } from '../jobs/failure-rules.ts';

export const POD_STATES = [
  'connecting',
  'up',
  'degraded',
  'booting',
  'stuck',
  'quarantined',
  'unauthorized',
  'gone',
  'draining',
] as const;
export const podStateSchema = z.enum(POD_STATES);
export type PodState = z.infer<typeof podStateSchema>;

/** A pod as pages and programs see it. Sizes in bytes. The URL carries no user, password or query. */
export const podViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  url: z.string(),
  demo: z.boolean(),
  state: podStateSchema,
  /** Why, in a sentence, where the state is not `up`. */
  reason: z.string().optional(),
  /** How news of its prompts arrives. */
  link: z.enum(['connecting', 'socket', 'polling', 'down']),
  version: z.string().nullable(),
  /** The checkpoint that ready workflows use there; null where it has none or has not said. */
  checkpoint: z.string().nullable(),
  ram: z.object({ total: z.number(), free: z.number() }).nullable(),
  devices: z.array(z.object({ name: z.string(), type: z.string(), vramTotal: z.number(), vramFree: z.number() })),
  queue: z.object({
    /** Prompts on the pod, anybody's. */
    running: z.number().int(),
    pending: z.number().int(),
    /** Of these, prompts that Podium did not submit. */
    foreign: z.number().int(),
    /** Our jobs on it, newest state. */
    jobIds: z.array(z.string()),
    slots: z.number().int(),
  }),
  /** Open: it gets no prompts; half open: it answered a probe and is watched for another. */
  breaker: z.enum(['closed', 'open', 'half_open']),
  /** ISO 8601, of the next probe, where it is not probed every few seconds. */
  nextProbeAt: z.string().optional(),
  /** ISO 8601: since when `stuck`, `quarantined` or `unauthorized` keeps it from work. */
  troubleSince: z.string().optional(),
  /** Whether a person ordered that it gets nothing new. */
  drained: z.boolean(),
  /** Newest failures that say something about the pod, newest first, at most 5. */
  lastErrors: z.array(
    z.object({ at: z.string(), code: jobErrorCodeSchema, message: z.string(), jobId: z.string().optional() }),
  ),
  /** ISO 8601; absent before the first probe. */
  checkedAt: z.string().optional(),
});
export type PodView = z.infer<typeof podViewSchema>;

/** What a person can order about a pod: nothing new, work again whatever was wrong, free its memory once. */
export const POD_ACTIONS = ['drain', 'reopen', 'free-memory'] as const;
export const podActionSchema = z.enum(POD_ACTIONS);
export type PodAction = z.infer<typeof podActionSchema>;

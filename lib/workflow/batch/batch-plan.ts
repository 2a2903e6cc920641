import { z } from 'zod';

/** Most jobs of one batch. */
export const MAX_BATCH_JOBS = 1000;
/** Most axes of a sweep: more cannot be shown as a sheet. */
export const MAX_BATCH_AXES = 4;

/** A place in a prompt, and what it is called on the sheet. */
const placeSchema = z.object({
  nodeId: z.string().min(1).max(200),
  input: z.string().min(1).max(200),
  label: z.string().min(1).max(200),
});

/** One field that is swept: its values in order. */
export const batchAxisSchema = placeSchema.extend({
  values: z
    .array(z.union([z.string().max(20_000), z.number(), z.boolean()]))
    .min(1)
    .max(MAX_BATCH_JOBS),
});
export type BatchAxis = z.infer<typeof batchAxisSchema>;

/** How the seeds of a batch's jobs are chosen, where the prompt has any. */
export const seedModeSchema = z.enum(['random', 'fixed', 'increment']);
export type SeedMode = z.infer<typeof seedModeSchema>;

/** A prompt made into many: `grid` takes every combination of the axes, `zip` takes them side by side. */
export const batchPlanSchema = z
  .object({
    axes: z.array(batchAxisSchema).max(MAX_BATCH_AXES).default([]),
    mode: z.enum(['grid', 'zip']).default('grid'),
    /** How often each combination runs. */
    count: z.number().int().min(1).max(MAX_BATCH_JOBS).default(1),
    seeds: seedModeSchema.default('random'),
    /** Inputs that are seeds: `nodeId/input`. */
    seedFields: z
      .array(placeSchema.omit({ label: true }))
      .max(50)
      .default([]),
  })
  .strict();
export type BatchPlan = z.infer<typeof batchPlanSchema>;

/** What one job of a batch differs in. */
export interface BatchMember {
  /** From 0. */
  index: number;
  /** Index into each axis' values, in the order of the axes. */
  at: number[];
  /** Which run of the combination, from 0. */
  run: number;
  /** Input values that replace those of the prompt, seeds included. */
  values: { nodeId: string; input: string; value: string | number | boolean }[];
}

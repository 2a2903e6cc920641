import { z } from 'zod';
import {
  blameSchema,
  errorCategorySchema,
  failureRules,
  jobErrorCodeSchema,
  type JobErrorCode,
} from './failure-rules.ts';

/** Errors and outputs that one node of the prompt is responsible for, as ComfyUI's `node_errors` gave them. */
export const nodeErrorSchema = z.object({
  classType: z.string().optional(),
  errors: z.array(
    z.object({
      type: z.string(),
      message: z.string(),
      details: z.string().optional(),
      inputName: z.string().optional(),
    }),
  ),
});
export type NodeError = z.infer<typeof nodeErrorSchema>;

/** A file or a node class that a pod lacks. */
export const missingThingSchema = z.object({
  kind: z.enum(['model', 'file', 'node_type']),
  /** The file's name as the prompt has it, or the class type. */
  name: z.string().max(500),
  /** The node that needs it. */
  nodeId: z.string().max(200).optional(),
  classType: z.string().max(200).optional(),
  /** The input that names the file. */
  input: z.string().max(200).optional(),
  /** Where it would be put, relative to the ComfyUI folder: `models/checkpoints`, `custom_nodes`. */
  folder: z.string().max(200).optional(),
});
export type MissingThing = z.infer<typeof missingThingSchema>;

/** A job's error as people and programs read it. */
export const jobErrorSchema = z.object({
  code: jobErrorCodeSchema,
  category: errorCategorySchema,
  blame: blameSchema,
  /** What happened, one sentence, no secrets, no stack. */
  message: z.string(),
  nextStep: z.string(),
  /** Keyed by node id as the pod gave it. */
  nodes: z.record(z.string(), nodeErrorSchema).optional(),
  /** What the failure is about where it is one thing: a file's name, a class type. Failures of one cause share it. */
  subject: z.string().max(200).optional(),
  /** What the pod lacks, where that is why it failed. */
  missing: z.array(missingThingSchema).max(50).optional(),
  /** Numbers of a failure for want of memory, in bytes, as far as they are known. */
  memory: z
    .object({ wanted: z.number().optional(), free: z.number().optional(), total: z.number().optional() })
    .optional(),
  /** ComfyUI's `exception_type`. */
  exceptionType: z.string().optional(),
  /** Bounded to 20,000 characters; secrets and the pod's own paths are taken out. */
  traceback: z.string().optional(),
});
export type JobError = z.infer<typeof jobErrorSchema>;

/** A job error with the category and remedy its code prescribes. */
export function jobError(
  code: JobErrorCode,
  message: string,
  more: Omit<Partial<JobError>, 'code' | 'category' | 'blame' | 'message' | 'nextStep'> = {},
): JobError {
  const { category, blame, nextStep } = failureRules[code];
  return { code, category, blame, message, nextStep, ...more };
}

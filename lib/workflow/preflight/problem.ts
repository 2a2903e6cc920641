import { z } from 'zod';
import { missingThingSchema } from '../../jobs/job-error.ts';

/**
 * Why a prompt cannot run on a pod. Where ComfyUI's own validation has a type for it the code is that type.
 * Source: `validate_prompt` and `validate_inputs` of ComfyUI.
 */
export const PREFLIGHT_CODES = [
  'missing_node_type',
  'missing_model',
  'missing_file',
  'required_input_missing',
  'bad_linked_input',
  'return_type_mismatch',
  'invalid_input_type',
  'value_smaller_than_min',
  'value_bigger_than_max',
  'value_not_in_list',
  'dependency_cycle',
  'prompt_no_outputs',
] as const;

/** One thing that is wrong. */
export const workflowProblemSchema = z.object({
  code: z.enum(PREFLIGHT_CODES),
  /** What is wrong and what to do, one sentence for a person. */
  message: z.string(),
  /** Absent where it is the prompt as a whole. */
  nodeId: z.string().optional(),
  classType: z.string().optional(),
  input: z.string().optional(),
  /** The value that is wrong, as text, at most 200 characters. */
  value: z.string().optional(),
  /** The node pack a missing class belongs to, where the workflow's own metadata says so. */
  pack: z.string().optional(),
  /** The nearest name the pod has. */
  closest: z.string().optional(),
  /** The thing a person would install or copy, in the words that failures use. */
  missing: missingThingSchema.optional(),
});
export type WorkflowProblem = z.infer<typeof workflowProblemSchema>;

/** The judgement of one prompt by one catalog. */
export interface Preflight {
  /** Whether a pod with this catalog would run every output of it. */
  runs: boolean;
  /** Errors the pod would give; at most 200. */
  problems: WorkflowProblem[];
  /**
   * True where only some outputs are wrong: ComfyUI takes such a prompt and drops them in silence, so Podium does not
   * count the pod as one that can run it.
   */
  partly: boolean;
}

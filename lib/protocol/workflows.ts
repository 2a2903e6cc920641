import { z } from 'zod';
import { promptSchema } from '../workflow/prompt.ts';
import { workflowProblemSchema } from '../workflow/preflight/problem.ts';

/** Body of `POST /api/workflows/convert` and `/check`. `pod`: by what this pod has; else by what any has. */
export const workflowBodySchema = z
  .object({
    /** Any form that Podium reads: the editor’s, the API form, or `{prompt, workflow?}`. */
    workflow: z.record(z.string(), z.unknown()),
    pod: z.string().min(1).max(100).optional(),
  })
  .strict();
export type WorkflowBody = z.infer<typeof workflowBodySchema>;

const unknownNodeSchema = z.object({ nodeId: z.string(), classType: z.string() });

/** Answer of `POST /api/workflows/convert`. */
export const convertedWorkflowSchema = z.object({
  prompt: promptSchema,
  /** Nodes whose class no pod is known to have; they are in the prompt. */
  unknown: z.array(unknownNodeSchema),
  /** Sentences a person should read. */
  notes: z.array(z.string()),
});
export type ConvertedWorkflow = z.infer<typeof convertedWorkflowSchema>;

/** What one pod would make of it. */
export const podVerdictSchema = z.object({
  podId: z.string(),
  podName: z.string(),
  /** `unknown`: what the pod has could not be learnt. */
  verdict: z.enum(['runs', 'cannot', 'unknown']),
  /** One sentence for a person. */
  sentence: z.string(),
  problems: z.array(workflowProblemSchema),
});
export type PodVerdict = z.infer<typeof podVerdictSchema>;

/** Answer of `POST /api/workflows/check`. */
export const workflowCheckSchema = convertedWorkflowSchema.extend({
  /** Whether a pod that takes work now would run it. */
  runs: z.boolean(),
  /** The verdicts in one sentence: “Runs on A and B; on C the model X is missing.” */
  sentence: z.string(),
  pods: z.array(podVerdictSchema),
  /**
   * The classes of the prompt as `object_info` defines them, choices of all pods joined: what a form is made from.
   * Read with `readCatalog`.
   */
  definitions: z.record(z.string(), z.unknown()),
});
export type WorkflowCheck = z.infer<typeof workflowCheckSchema>;

import { z } from 'zod';

/** A link to another node's output: `[nodeId, outputIndex]`. */
export type PromptLink = readonly [string, number];

export const promptNodeSchema = z.object({
  class_type: z.string().min(1),
  inputs: z.record(z.string(), z.unknown()),
  _meta: z.object({ title: z.string().optional() }).optional(),
});

/**
 * A prompt: the API form of a workflow, node id → node. Node ids are free strings (`"12"`, `"12:34"`).
 * Source: body of `POST /prompt`, field `prompt`.
 */
export const promptSchema = z.record(z.string().min(1).max(200), promptNodeSchema);
export type Prompt = z.infer<typeof promptSchema>;

/** Most nodes a prompt may have. The largest published template has under 200. */
export const MAX_PROMPT_NODES = 5000;

/** Whether an input value is a link to another node. */
export function isLink(value: unknown): value is PromptLink {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && typeof value[1] === 'number';
}

/** The name a person knows a node by: its title, else its class type, else its id. */
export function nodeName(prompt: Prompt, nodeId: string): string {
  const node = prompt[nodeId];
  return node?._meta?.title ?? node?.class_type ?? nodeId;
}

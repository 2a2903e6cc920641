import { z } from 'zod';

const promptId = z.string();
const nodeId = z.string();

/** `NaN` and `Infinity` of Python arrive as null; such a number is left out, the rest of its event counts. */
const number = z.number().nullish().catch(null);

/** One node of `progress_state`. Expanded and subgraph nodes name the node a person sees in `display_node_id`. */
export const nodeProgressSchema = z.object({
  state: z.string(),
  value: number,
  max: number,
  node_id: z.string().optional(),
  display_node_id: z.string().nullish(),
  real_node_id: z.string().nullish(),
  parent_node_id: z.string().nullish(),
});

const executionError = z.object({
  prompt_id: promptId,
  node_id: nodeId.nullish(),
  node_type: z.string().nullish(),
  exception_type: z.string().nullish(),
  exception_message: z.string().nullish(),
  traceback: z.union([z.array(z.string()), z.string()]).nullish(),
  executed: z.array(z.string()).nullish(),
});

/**
 * A text frame of a pod's WebSocket that Podium uses. Unknown fields are dropped, unknown types are no `PodEvent`.
 * Source: the recorded frames of ComfyUI 0.3.64 and 0.8.0.
 */
export const podEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('status'),
    data: z.object({
      status: z.object({ exec_info: z.object({ queue_remaining: z.number() }) }).nullish(),
      sid: z.string().nullish(),
    }),
  }),
  z.object({ type: z.literal('execution_start'), data: z.object({ prompt_id: promptId }) }),
  z.object({ type: z.literal('execution_cached'), data: z.object({ prompt_id: promptId, nodes: z.array(nodeId) }) }),
  z.object({
    type: z.literal('executing'),
    /** `node: null` is a prompt's very last event. Without `prompt_id` it is the hint sent on a reconnect. */
    data: z.object({ node: nodeId.nullable(), display_node: nodeId.nullish(), prompt_id: promptId.nullish() }),
  }),
  z.object({
    type: z.literal('progress'),
    data: z.object({ value: number, max: number, node: nodeId.nullish(), prompt_id: promptId.nullish() }),
  }),
  z.object({
    type: z.literal('progress_state'),
    data: z.object({ prompt_id: promptId, nodes: z.record(z.string(), nodeProgressSchema) }),
  }),
  z.object({
    type: z.literal('executed'),
    data: z.object({
      node: nodeId,
      display_node: nodeId.nullish(),
      prompt_id: promptId.nullish(),
      output: z.record(z.string(), z.unknown()).nullish(),
    }),
  }),
  z.object({ type: z.literal('execution_success'), data: z.object({ prompt_id: promptId }) }),
  z.object({ type: z.literal('execution_error'), data: executionError }),
  z.object({
    type: z.literal('execution_interrupted'),
    data: z.object({ prompt_id: promptId, node_id: nodeId.nullish(), node_type: z.string().nullish() }),
  }),
]);
export type PodEvent = z.infer<typeof podEventSchema>;

/** The prompt an event is about; undefined where it names none. */
export function promptOf(event: PodEvent): string | undefined {
  return event.type === 'status' ? undefined : (event.data.prompt_id ?? undefined);
}

import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { NodeCatalog } from '../../lib/workflow/catalog/node-catalog.ts';
import { preflight } from '../../lib/workflow/preflight/preflight.ts';
import type { Prompt } from '../../lib/workflow/prompt.ts';
import type { Answered } from './pod-caller.ts';

const errorSchema = z.looseObject({
  type: z.string(),
  details: z.string(),
  extra_info: z.looseObject({ input_name: z.string().optional() }).optional(),
});
const answerSchema = z.object({
  error: errorSchema.optional(),
  node_errors: z
    .union([z.record(z.string(), z.object({ errors: z.array(errorSchema) })), z.array(z.unknown()).max(0)])
    .transform((errors) => (Array.isArray(errors) ? {} : errors)),
});

/** A judgement in words that pod and `preflight` share: what it comes to, and `node: error input` for each thing wrong. */
export interface Judgement {
  outcome: 'runs' | 'partly' | 'refused';
  wrong: string[];
}

/** Where Podium says more exactly what ComfyUI has one word for. */
const SAME_AS: Record<string, string> = {
  missing_model: 'value_not_in_list',
  missing_file: 'value_not_in_list',
  custom_validation_failed: 'value_not_in_list',
};

/**
 * Of what the pod's validation stumbles over it says the node alone, and in a loop of links it loses its way and says
 * nothing (older versions): there only the node, or the outcome, is compared.
 */
export function podJudgement({ status, json }: Pick<Answered, 'status' | 'json'>): Judgement {
  const { error, node_errors } = answerSchema.parse(json);
  const nodes = Object.entries(node_errors);
  const wrong = nodes.flatMap(([id, { errors }]) =>
    errors.map(({ type, extra_info }) =>
      type.startsWith('exception_') ? `${id}: stumbled` : `${id}: ${SAME_AS[type] ?? type} ${extra_info?.input_name}`,
    ),
  );
  if (status === 200) return { outcome: nodes.length > 0 ? 'partly' : 'runs', wrong };
  const missing = /^(?:invalid_prompt|missing_node_type)$/.test(error?.type ?? '');
  if (missing)
    return { outcome: 'refused', wrong: [`${/#([^']*)/.exec(error?.details ?? '')?.[1]}: missing_node_type`] };
  return { outcome: 'refused', wrong: error?.type === 'prompt_no_outputs' ? ['prompt_no_outputs'] : wrong };
}

export function ownJudgement(prompt: Prompt, catalog: NodeCatalog): Judgement {
  const { runs, partly, problems } = preflight(prompt, catalog);
  return {
    outcome: runs ? 'runs' : partly ? 'partly' : 'refused',
    wrong: problems.map(({ code, nodeId, input }) => {
      if (nodeId === undefined) return code;
      const word = SAME_AS[code] ?? code;
      return input === undefined ? `${nodeId}: ${word}` : `${nodeId}: ${word} ${input}`;
    }),
  };
}

/** Both in one order, with what the pod does not tell taken out of ours. */
export function comparable(pod: Judgement, own: Judgement): { pod: Judgement; own: Judgement } {
  const stumbled = new Set(pod.wrong.filter((one) => one.endsWith(': stumbled')).map((one) => one.split(':')[0] ?? ''));
  const missing = pod.wrong.some((one) => one.endsWith('missing_node_type'));
  const plain = own.wrong
    // The pod says the first class that it lacks and looks no further.
    .filter((one) => !missing || one === pod.wrong[0])
    .map((one) => (stumbled.has(one.split(':')[0] ?? '') ? `${one.split(':')[0]}: stumbled` : one))
    .filter((one) => pod.wrong.includes(one) || !one.endsWith(': dependency_cycle'));
  // An output that depends on a loop is dropped without a word by a pod that loses its way in it.
  const droppedSilently = pod.outcome === 'runs' && own.wrong.every((one) => one.endsWith(': dependency_cycle'));
  const outcome = droppedSilently && own.wrong.length > 0 ? 'partly' : pod.outcome;
  const inOrder = (list: readonly string[]) => [...new Set(list)].toSorted();
  return {
    pod: { outcome, wrong: inOrder(pod.wrong) },
    own: { outcome: own.outcome, wrong: inOrder(plain) },
  };
}

/**
 * Whether both find the same wrong. Where the pod stumbles or loses its way it may not have come to all that is wrong:
 * what it says is among ours then.
 */
export function agrees(pod: Judgement, own: Judgement): boolean {
  const looped = own.wrong.some((one) => one.endsWith(': dependency_cycle'));
  if (!looped && !pod.wrong.some((one) => one.endsWith(': stumbled'))) {
    const both = comparable(pod, own);
    return isDeepStrictEqual(both.pod, both.own);
  }
  const blamed = new Set(own.wrong.map((one) => one.split(':')[0]));
  const isOurs = (one: string) =>
    one.endsWith(': stumbled') ? blamed.has(one.split(':')[0]) : own.wrong.includes(one);
  return (looped || pod.outcome === own.outcome) && pod.wrong.every(isOurs);
}

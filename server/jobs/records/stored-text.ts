import { z } from 'zod';
import type { Job } from '../../../lib/jobs/job.ts';
import { podOrdersSchema, type PodOrders } from '../desk-book.ts';
import { podConditionSchema, type PodCondition, type PodMemory } from '../pod-client.ts';

/** The value, or undefined where the text is not JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** ISO 8601 of any precision as the one that sorts as text. */
export function sortable(time: string): string {
  return SORTABLE.test(time) ? time : new Date(time).toISOString();
}
const SORTABLE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const memorySchema = z.object({
  clientId: z.string(),
  highestNumber: z.number().optional(),
  witnessPromptId: z.string().optional(),
});

/** Undefined for what cannot be read: a pod that is met anew costs nothing but a new `client_id`. */
export function readMemory(text: string): PodMemory | undefined {
  const memory = memorySchema.safeParse(jsonOf(text)).data;
  if (!memory) return undefined;
  const { clientId, highestNumber, witnessPromptId } = memory;
  return {
    clientId,
    ...(highestNumber !== undefined && { highestNumber }),
    ...(witnessPromptId !== undefined && { witnessPromptId }),
  };
}

/** Undefined for what cannot be read: its driver finds out anew. */
export function readCondition(text: string): PodCondition | undefined {
  return podConditionSchema.safeParse(jsonOf(text)).data;
}

/** Undefined for what cannot be read. */
export function readOrders(given: unknown): PodOrders | undefined {
  return podOrdersSchema.safeParse(given).data;
}

/** Stands around each pod in the text of those excluded. */
export const EXCLUDED_SEPARATOR = '\u001f';

/**
 * The pods that may not take a waiting job: empty for none, else their ids as `podText` in order, with a separator before
 * and after each. JSON holds no control character, so that a pod is looked for by its text between two separators.
 */
export function excludedText({ excludedPods, unfitPods = [] }: Pick<Job, 'excludedPods' | 'unfitPods'>): string {
  const barred = [...excludedPods, ...unfitPods];
  if (barred.length === 0) return '';
  const texts = new Set(barred.map(({ podId }) => podText(podId)));
  return (
    EXCLUDED_SEPARATOR +
    [...texts]
      .toSorted()
      .map((text) => text + EXCLUDED_SEPARATOR)
      .join('')
  );
}
/** A pod's id as a text without control characters that is never empty. */
export function podText(podId: string): string {
  return JSON.stringify(podId);
}

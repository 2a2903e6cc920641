import { z } from 'zod';
import type { PodMemory } from './pod-client.ts';

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
  return new Date(time).toISOString();
}

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

import { z } from 'zod';
import type { PodMemory } from '../jobs/pod-client.ts';
import { jsonOf } from './record-reader.ts';
import type { Statements } from './statements.ts';

const memorySchema = z.object({
  clientId: z.string(),
  highestNumber: z.number().optional(),
  witnessPromptId: z.string().optional(),
});

/** What is remembered of each pod. Every method runs inside the caller's transaction. */
export class PodMemories {
  constructor(private readonly sql: Statements) {}

  get(podId: string): PodMemory | undefined {
    const row = this.sql.get<{ memory: string }>('SELECT memory FROM pod_memory WHERE pod_id = @podId', { podId });
    return row && memoryOf(row.memory);
  }

  all(): { podId: string; memory: PodMemory }[] {
    return this.sql
      .all<{ podId: string; memory: string }>('SELECT pod_id AS podId, memory FROM pod_memory ORDER BY pod_id')
      .flatMap(({ podId, memory: text }) => {
        const memory = memoryOf(text);
        return memory ? [{ podId, memory }] : [];
      });
  }

  save(podId: string, memory: PodMemory): void {
    this.sql.run(`INSERT INTO pod_memory VALUES (@podId, @memory) ON CONFLICT DO UPDATE SET memory = excluded.memory`, {
      podId,
      memory: JSON.stringify(memory),
    });
  }
}

/** Undefined for what cannot be read: a pod that is met anew costs nothing but a new `client_id`. */
function memoryOf(text: string): PodMemory | undefined {
  const memory = memorySchema.safeParse(jsonOf(text)).data;
  if (!memory) return undefined;
  const { clientId, highestNumber, witnessPromptId } = memory;
  return {
    clientId,
    ...(highestNumber !== undefined && { highestNumber }),
    ...(witnessPromptId !== undefined && { witnessPromptId }),
  };
}

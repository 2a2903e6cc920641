import type { PodMemory } from '../jobs/pod-client.ts';
import { readMemory } from '../jobs/stored-text.ts';
import type { Statements } from './statements.ts';

/** What is remembered of each pod. Every method runs inside the caller's transaction. */
export class PodMemories {
  constructor(private readonly sql: Statements) {}

  get(podId: string): PodMemory | undefined {
    const row = this.sql.get<{ memory: string }>('SELECT memory FROM pod_memory WHERE pod_id = @podId', { podId });
    return row && readMemory(row.memory);
  }

  all(): { podId: string; memory: PodMemory }[] {
    return this.sql
      .all<{ podId: string; memory: string }>('SELECT pod_id AS podId, memory FROM pod_memory ORDER BY pod_id')
      .flatMap(({ podId, memory: text }) => {
        const memory = readMemory(text);
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

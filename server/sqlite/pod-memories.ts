import type { PodCondition, PodMemory } from '../jobs/pod-client.ts';
import { readCondition, readMemory } from '../jobs/records/stored-text.ts';
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

  condition(podId: string): PodCondition | undefined {
    const row = this.sql.get<{ condition: string }>('SELECT condition FROM pod_condition WHERE pod_id = @podId', {
      podId,
    });
    return row && readCondition(row.condition);
  }

  conditions(): { podId: string; condition: PodCondition }[] {
    return this.sql
      .all<{ podId: string; condition: string }>('SELECT pod_id AS podId, condition FROM pod_condition ORDER BY pod_id')
      .flatMap(({ podId, condition: text }) => {
        const condition = readCondition(text);
        return condition ? [{ podId, condition }] : [];
      });
  }

  saveCondition(podId: string, condition: PodCondition): void {
    this.sql.run(
      'INSERT INTO pod_condition VALUES (@podId, @condition) ON CONFLICT DO UPDATE SET condition = excluded.condition',
      { podId, condition: JSON.stringify(condition) },
    );
  }
}

import type { PodCondition, PodMemory } from '../jobs/pod-client.ts';
import { readCondition, readMemory } from '../jobs/records/stored-text.ts';
import type { Statements } from './statements.ts';

/** One fact kept of each pod, as JSON in a table of its own. Every method runs inside the caller's transaction. */
export class PodFacts<T> {
  private constructor(
    private readonly sql: Statements,
    private readonly table: string,
    private readonly column: string,
    private readonly parse: (text: string) => T | undefined,
  ) {}

  /** What is remembered of each pod. */
  static memories(sql: Statements): PodFacts<PodMemory> {
    return new PodFacts(sql, 'pod_memory', 'memory', readMemory);
  }

  /** What its driver last found out about each pod. */
  static conditions(sql: Statements): PodFacts<PodCondition> {
    return new PodFacts(sql, 'pod_condition', 'condition', readCondition);
  }

  get(podId: string): T | undefined {
    const row = this.sql.get<{ fact: string }>(
      `SELECT ${this.column} AS fact FROM ${this.table} WHERE pod_id = @podId`,
      { podId },
    );
    return row && this.parse(row.fact);
  }

  /** In the order of the pods' ids; those that cannot be read are left out. */
  all(): { podId: string; fact: T }[] {
    return this.sql
      .all<{ podId: string; fact: string }>(
        `SELECT pod_id AS podId, ${this.column} AS fact FROM ${this.table} ORDER BY pod_id`,
      )
      .flatMap(({ podId, fact: text }) => {
        const fact = this.parse(text);
        return fact === undefined ? [] : [{ podId, fact }];
      });
  }

  save(podId: string, fact: T): void {
    this.sql.run(
      `INSERT INTO ${this.table} VALUES (@podId, @fact) ON CONFLICT DO UPDATE SET ${this.column} = excluded.${this.column}`,
      { podId, fact: JSON.stringify(fact) },
    );
  }
}

import type { Database, Statement } from 'better-sqlite3';
import { prepareKept } from './kept-objects.ts';

/** Prepares each SQL text once. The texts come from a small closed set: no value is ever part of one. */
export class Statements {
  private readonly prepared = new Map<string, Statement>();

  constructor(private readonly db: Database) {}

  of(sql: string): Statement {
    const known = this.prepared.get(sql);
    if (known) return known;
    const statement = prepareKept(this.db, sql);
    this.prepared.set(sql, statement);
    return statement;
  }

  /** All rows, in the shape the caller's SQL selects. */
  all<Row>(sql: string, values: object = {}): Row[] {
    return this.of(sql).all(values) as Row[];
  }

  get<Row>(sql: string, values: object = {}): Row | undefined {
    return this.of(sql).get(values) as Row | undefined;
  }

  /** @returns how many rows it changed */
  run(sql: string, values: object = {}): number {
    return this.of(sql).run(values).changes;
  }
}

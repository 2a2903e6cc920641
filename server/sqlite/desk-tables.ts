import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { recoverySchema, type Recovery } from '../../lib/jobs/recovery.ts';
import { dispatchStateSchema, type DispatchState } from '../../lib/protocol/system.ts';
import { MAX_RECOVERIES, type PodOrders } from '../jobs/desk-book.ts';
import { jsonOf, readOrders, sortable } from '../jobs/records/stored-text.ts';
import type { Statements } from './statements.ts';

/** What the desk remembers beside its jobs. Every method runs inside the caller's transaction. */
export class DeskTables {
  constructor(private readonly sql: Statements) {}

  /** Writes something, to see whether that can be done. */
  check(at: string): void {
    this.sql.run('INSERT INTO write_check VALUES (1, @at) ON CONFLICT DO UPDATE SET checked_at = excluded.checked_at', {
      at,
    });
  }

  /** Made at the first call. */
  deskId(): string {
    const known = this.fact('desk_id', z.uuid());
    if (known !== undefined) return known;
    const made = randomUUID();
    this.setFact('desk_id', made);
    return made;
  }

  setDeskId(id: string): void {
    this.setFact('desk_id', z.uuid().parse(id));
  }

  dispatch(): DispatchState {
    const { paused, since, reason } = this.fact('dispatch', dispatchStateSchema) ?? { paused: false };
    return { paused, ...(since !== undefined && { since }), ...(reason !== undefined && { reason }) };
  }

  setDispatch(state: DispatchState): void {
    this.setFact('dispatch', dispatchStateSchema.parse(state));
  }

  /** Those this version cannot read are left out. */
  podOrders(): Record<string, PodOrders> {
    const rows = this.sql.all<{ podId: string; orders: string }>('SELECT pod_id AS podId, orders FROM pod_orders');
    const read = rows.flatMap(({ podId, orders: text }) => {
      const orders = readOrders(jsonOf(text));
      return orders ? [[podId, orders] as const] : [];
    });
    return Object.fromEntries(read);
  }

  orderPod(podId: string, orders: PodOrders): void {
    this.sql.run(
      `INSERT INTO pod_orders VALUES (@podId, @orders)
        ON CONFLICT DO UPDATE SET orders = json_patch(pod_orders.orders, excluded.orders)`,
      { podId, orders: JSON.stringify(readOrders(orders) ?? {}) },
    );
  }

  saveRecovery(recovery: Recovery): void {
    const checked = recoverySchema.parse(recovery);
    this.sql.run(
      `INSERT INTO recoveries VALUES (@id, @startedAt, @record)
        ON CONFLICT DO UPDATE SET started_at = excluded.started_at, record = excluded.record`,
      { id: checked.id, startedAt: sortable(checked.startedAt), record: JSON.stringify(checked) },
    );
    this.sql.run(
      `DELETE FROM recoveries WHERE id NOT IN
        (SELECT id FROM recoveries ORDER BY started_at DESC, id DESC LIMIT ${MAX_RECOVERIES})`,
    );
  }

  /** Newest first; those this version cannot read are left out. */
  recoveries(limit: number): Recovery[] {
    return this.sql
      .all<{ record: string }>('SELECT record FROM recoveries ORDER BY started_at DESC, id DESC LIMIT @limit', {
        limit,
      })
      .flatMap(({ record }) => recoverySchema.safeParse(jsonOf(record)).data ?? []);
  }

  private fact<T>(name: string, schema: z.ZodType<T>): T | undefined {
    const row = this.sql.get<{ value: string }>('SELECT value FROM desk WHERE name = @name', { name });
    return row && schema.safeParse(jsonOf(row.value)).data;
  }

  private setFact(name: string, value: unknown): void {
    this.sql.run('INSERT INTO desk VALUES (@name, @value) ON CONFLICT DO UPDATE SET value = excluded.value', {
      name,
      value: JSON.stringify(value),
    });
  }
}

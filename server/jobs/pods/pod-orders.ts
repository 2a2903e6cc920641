import type { PodOrders } from '../desk-book.ts';
import type { Log } from '../log.ts';
import type { PodChores } from './pod-chores.ts';
import type { PodConditions } from './pod-conditions.ts';
import type { PodWatch } from './pod-watch.ts';

export interface ObeyedOrdersDeps {
  conditions: Pick<PodConditions, 'now' | 'patch'>;
  watch: Pick<PodWatch, 'reopen' | 'usable'>;
  chores: Pick<PodChores, 'freeOnce'>;
  log: Log;
}

/** What people ordered about one pod. Each order is carried out once, whichever instance drives the pod then. */
export class ObeyedOrders {
  private orders: PodOrders | undefined;
  private started = false;
  /** The order to free memory that is being carried out, or was. */
  private freeing: string | undefined;

  constructor(private readonly deps: ObeyedOrdersDeps) {}

  get drained(): boolean {
    return this.orders?.drained === true;
  }

  /** Whether the pod may be given work; not before it is known what was ordered. */
  get allowWork(): boolean {
    return this.orders !== undefined && !this.drained;
  }

  /** From now on it is known what earlier drivers have done. */
  start(): void {
    this.started = true;
    this.obey();
  }

  take(orders: PodOrders): void {
    this.orders = orders;
    this.obey();
  }

  private obey(): void {
    const { conditions, watch, chores, log } = this.deps;
    const { reopenedAt, freeMemoryAt } = this.orders ?? {};
    if (!this.started) return;
    // Doing it twice changes nothing: trouble that began after the order stays.
    if (reopenedAt !== undefined) watch.reopen(Date.parse(reopenedAt));
    // A pod that cannot be told now is told when it is well: orders are looked at every second.
    if (freeMemoryAt === undefined || freeMemoryAt === this.freeing || !watch.usable) return;
    if (freeMemoryAt <= (conditions.now.ordersDoneAt ?? '')) return;
    this.freeing = freeMemoryAt;
    chores.freeOnce(() => {
      conditions
        .patch((now) => ({ ...now, ordersDoneAt: freeMemoryAt }))
        .catch((error: unknown) => log.warn({ reason: String(error) }, 'an order about a pod may be done twice'));
    });
  }
}

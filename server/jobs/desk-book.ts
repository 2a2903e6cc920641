import { z } from 'zod';
import { isoTimeSchema } from '../../lib/jobs/job.ts';
import type { Recovery } from '../../lib/jobs/recovery.ts';
import type { DispatchState, StoreWarning } from '../../lib/protocol/system.ts';

/** What a person ordered about one pod. Times are ISO 8601 of the store's clock. */
export const podOrdersSchema = z.object({
  /** It finishes what it has and gets nothing new. */
  drained: z.boolean().optional(),
  /** Quarantine and open breaker of before are over. */
  reopenedAt: isoTimeSchema.optional(),
  /** Its memory is freed once. */
  freeMemoryAt: isoTimeSchema.optional(),
});
export type PodOrders = z.infer<typeof podOrdersSchema>;

/** Recoveries kept, newest first; older ones are dropped. */
export const MAX_RECOVERIES = 200;

/** What a desk remembers beside its jobs; kept by the store, shared by its instances. */
export interface DeskBook {
  /** Made once with the store and part of its backups: tells prompts of this desk from those of another on one pod. */
  deskId(): Promise<string>;
  dispatch(): Promise<DispatchState>;
  setDispatch(state: DispatchState): Promise<void>;
  /** What people ordered about pods, by pod id. Kept until the same is ordered anew. */
  podOrders(): Promise<Record<string, PodOrders>>;
  /** Joins what is given with what is ordered of the pod already. */
  orderPod(podId: string, orders: PodOrders): Promise<void>;
  /** Writes a recovery, or a newer form of the one with this id. */
  saveRecovery(recovery: Recovery): Promise<void>;
  /** Newest first. */
  recoveries(limit: number): Promise<Recovery[]>;
  /** What about this store can lose jobs, each with its remedy; looked up anew at each call, at most once in ten seconds. */
  warnings(): Promise<StoreWarning[]>;
  /**
   * Calls `listener` when the store can be used again after it could not. `lost`: the last writes before that may be
   * missing; the store holds claims back until every listener's promise has resolved. @returns a function that ends it
   */
  onReturn(listener: (lost: boolean) => Promise<void>): () => void;
  /** The store's time, which all instances share. */
  now(): Date;
}

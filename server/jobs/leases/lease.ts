/**
 * The right of one instance to drive one pod. `token` rises with every grant of the pod, so that a store can tell a
 * former holder from the present one and refuse its writes.
 */
export interface Fence {
  readonly podId: string;
  readonly token: number;
}

/** One running Podium process, as the others see it. */
export interface Member {
  id: string;
  /** For people: machine and process. */
  name: string;
  version: string;
  /** Ids of the pods in its configuration: only these may be leased to it. */
  podIds: string[];
  /** ISO 8601. */
  startedAt: string;
}

/** A lease as its holder has it. */
export interface HeldLease {
  readonly fence: Fence;
  /** False from the moment at which somebody else may hold it, by this machine's clocks: nothing may be sent then. */
  valid(): boolean;
}

export interface LeaseBoard {
  /** Instances heard of within the last lease time, this one among them, by id. */
  members: Member[];
  /** Leases that have not run out, whoever holds them. `leftMs` by the store's clock. */
  leases: { fence: Fence; instanceId: string; leftMs: number }[];
}

/**
 * Port to where instances agree about who drives which pod. Times are the store's, never an instance's. Every method
 * rejects with `StoreUnavailableError` when the store cannot be used.
 */
export interface PodLeases {
  /** Tells that this instance lives, renews those of its leases it still holds, and reads the board, in one step. */
  beat(self: Member, held: readonly Fence[], ttlMs: number): Promise<LeaseBoard>;
  /** A lease on a pod that nobody holds; undefined where somebody does. */
  acquire(instanceId: string, podId: string, ttlMs: number): Promise<Fence | undefined>;
  /** Gives a lease up at once, so that an heir need not wait. A lease that is no longer held is left alone. */
  release(fence: Fence): Promise<void>;
  /** This instance ends: it is no longer counted. */
  leave(instanceId: string): Promise<void>;
}

/** A write was refused because its instance no longer holds the pod's lease. Nothing was changed. */
export class LeaseLostError extends Error {
  readonly code = 'lease_lost';
  constructor(podId: string) {
    super(`Another instance drives pod "${podId}" now`);
    this.name = 'LeaseLostError';
  }
}

export function isLeaseLost(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'lease_lost';
}

import type { FaultMatch, HttpFault, PostFault } from './pod-faults.ts';
import type { RunRecord } from './pod-types.ts';
import type { SocketFaults } from './socket-faults.ts';
import type { WorkerFaults } from './worker-faults.ts';

/** One `POST /prompt` whose body arrived, whatever was answered. `jobId` is `extra_data.podium.jobId`. */
export interface PostRecord {
  promptId?: string;
  clientId?: string;
  jobId?: string;
  /** Milliseconds of the epoch. */
  at: number;
  headers: Record<string, string>;
  /** Undefined where it was not JSON, and where 200 more have come since. */
  body: unknown;
}

export interface RequestRecord {
  method: string;
  /** As asked for, with `/api` and the query. */
  path: string;
  /** Milliseconds of the epoch. */
  at: number;
  headers: Record<string, string>;
}

/** What tests see of a pod and do to it. Nothing of this can be reached by HTTP. */
export interface DemoPodControl {
  /** Every run begun, the newest last; a restart does not forget them. */
  readonly runs: readonly RunRecord[];
  readonly posts: readonly PostRecord[];
  readonly requests: readonly RequestRecord[];
  readonly sockets: { open: number; opened: number; upgradesRefused: number };
  /** A fault for the next `POST /prompt` that has none yet, first in first out. */
  failNextPost(fault: PostFault): void;
  /** A fault for every request that matches, until the function returned is called. The newest that matches counts. */
  fault(match: FaultMatch, fault: HttpFault): () => void;
  readonly socket: SocketFaults;
  readonly worker: WorkerFaults;
  /** Ends every socket: with a close frame of this code, or without one (the client sees 1006). */
  dropSockets(code?: number): void;
  /** Every socket open now stays open and answers pings, but hears nothing more. */
  deafen(): void;
  /** Whether `/interrupt` obeys its `prompt_id`; old pods stop whatever runs. */
  targetedInterrupt: boolean;
  /** Whether `POST /api/jobs/{id}/cancel` works, as on the newest pods. */
  atomicCancel: boolean;
  /** Model files in its folder of checkpoints: others can be put there while it runs. */
  checkpoints: readonly string[];
  /** Headers without which every request and upgrade is answered 401. */
  requireHeaders: Record<string, string> | undefined;
  /**
   * Output nodes in the order in which they are to be taken, first those named here. A real pod takes them from a
   * Python set, whose order is arbitrary.
   */
  outputOrder: readonly string[];
  /** Closes the listener and HTTP connections, sockets stay; `false` listens again on the same port. */
  refuseConnections(on: boolean): Promise<void>;
  /**
   * `kill -9` of the pod's process and a new one on the same port `downMs` (0) milliseconds later: sockets end with
   * 1006, queue, history and cache are forgotten, numbers start at 0, a stuck worker is well. Files stay, but for
   * `temp`, unless `keepDisk` is false. Resolves when it listens again.
   */
  restart(options?: { downMs?: number; keepDisk?: boolean }): Promise<void>;
  /** Deletes everything in the input folder, as somebody may while the pod goes on. */
  wipeInputs(): void;
  /** Resolves when nothing waits and nothing runs. */
  idle(): Promise<void>;
}

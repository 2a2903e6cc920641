import { setTimeout as sleep } from 'node:timers/promises';
import { PodDisk } from './disk.ts';
import { EventHub } from './event-hub.ts';
import { Listener } from './listener.ts';
import { checkpointsOf, nodeDefinitions, offerCheckpoints } from './node-definitions.ts';
import type { DemoPodControl } from './pod-control.ts';
import { features } from './pod-facts.ts';
import { PodFaults } from './pod-faults.ts';
import { PodRecords } from './pod-records.ts';
import { createPodServer } from './pod-server.ts';
import type { PodVersion } from './pod-types.ts';
import { QueueWorker } from './queue-worker.ts';
import { SocketFaults } from './socket-faults.ts';
import { WorkerFaults } from './worker-faults.ts';

export interface DemoPodOptions {
  /** 0, the default, takes a free one. */
  port?: number;
  /** Milliseconds that one sampling step takes; 120 unless given, so that one can watch a bar. */
  stepMs?: number;
  /** The ComfyUI that it behaves like; 0.8.0 unless given. */
  version?: PodVersion;
  /** Node classes that it does not have, of those a demo pod has. */
  without?: readonly string[];
}

export interface DemoPod {
  readonly url: string;
  readonly control: DemoPodControl;
  close(): Promise<void>;
}

/**
 * A pod that speaks ComfyUI's HTTP and WebSocket on loopback and draws pictures without a GPU or a model. Queue,
 * history and files are in memory. Throws where the port is taken.
 */
export async function createDemoPod(options: DemoPodOptions = {}): Promise<DemoPod> {
  const version = options.version ?? '0.8.0';
  const definitions = nodeDefinitions(version);
  for (const classType of options.without ?? []) delete definitions[classType];
  const disk = new PodDisk();
  const records = new PodRecords();
  const faults = new PodFaults();
  const socketFaults = new SocketFaults();
  const workerFaults = new WorkerFaults(() => worker.wake());
  const hub = new EventHub(
    () => features(version),
    () => worker.remaining,
    socketFaults,
  );
  const newWorker = (): QueueWorker =>
    new QueueWorker(hub, disk, definitions, { stepMs: options.stepMs ?? 120, version }, records.runs, workerFaults);
  let worker = newWorker();

  const switches = {
    targetedInterrupt: true,
    atomicCancel: false,
    outputOrder: [] as readonly string[],
    requireHeaders: undefined as Record<string, string> | undefined,
    get checkpoints(): readonly string[] {
      return checkpointsOf(definitions);
    },
    set checkpoints(names: readonly string[]) {
      offerCheckpoints(definitions, names);
    },
  };
  const listener: Listener = new Listener(() =>
    createPodServer({
      state: {
        version,
        port: () => listener.port,
        worker: () => worker,
        hub,
        disk,
        definitions,
        targetedInterrupt: () => switches.targetedInterrupt,
        atomicCancel: () => switches.atomicCancel,
        outputOrder: () => switches.outputOrder,
      },
      faults,
      socketFaults,
      records,
      requireHeaders: () => switches.requireHeaders,
    }),
  );
  await listener.open(options.port ?? 0);

  const control: DemoPodControl = Object.assign(switches, {
    runs: records.runs,
    posts: records.posts,
    requests: records.requests,
    sockets: {
      get open(): number {
        return hub.open.size;
      },
      get opened(): number {
        return records.socketsOpened;
      },
      get upgradesRefused(): number {
        return records.upgradesRefused;
      },
    },
    socket: socketFaults,
    worker: workerFaults,
    failNextPost: faults.failNextPost.bind(faults),
    fault: faults.add.bind(faults),
    dropSockets: (code?: number) => hub.drop(code),
    deafen: () => hub.table.clear(),
    refuseConnections: async (on: boolean) => {
      if (on) await listener.shut();
      else await listener.open(listener.port);
    },
    restart: async ({ downMs = 0, keepDisk = true }: { downMs?: number; keepDisk?: boolean } = {}) => {
      worker.stop();
      hub.forget();
      await listener.shut();
      worker = newWorker();
      workerFaults.stuck = false;
      disk.wipe(keepDisk ? 'temp/' : '');
      if (downMs > 0) await sleep(downMs);
      await listener.open(listener.port);
    },
    wipeInputs: () => disk.wipe('input/'),
    idle: async () => {
      while (worker.remaining > 0) await worker.turn();
    },
  });

  return {
    url: `http://127.0.0.1:${listener.port}`,
    control,
    close: async () => {
      worker.stop();
      hub.forget();
      await listener.shut();
    },
  };
}

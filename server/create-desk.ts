import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pino, type Logger } from 'pino';
import { ComfyUIPodClient } from './comfy/pod-client.ts';
import { ComfyUIWebSocketClient } from './comfy/websocket-client.ts';
import type { Config } from './config.ts';
import { createDemoPod, type DemoPod } from './demo-pod/create-demo-pod.ts';
import { ComfyUIErrorHandlerService } from './jobs/error-handler.ts';
import { EventFan } from './jobs/event-fan.ts';
import { JobRunner } from './jobs/job-runner.ts';
import type { RunStep } from './jobs/job-run.ts';
import { JobService } from './jobs/job-service.ts';
import { JobWriter } from './jobs/job-writer.ts';
import { PodDriver } from './jobs/pod-driver.ts';
import { createFileOutputStore } from './outputs/file-output-store.ts';
import { openSqliteJobStore } from './sqlite/job-store.ts';

export interface DeskOptions {
  log?: Logger;
  /** Called at the moments of a job's life at which a process may die. */
  onStep?: (step: RunStep, jobId: string) => void | Promise<void>;
  /** A demo pod that already runs; else one starts where no pod is configured. */
  demoPod?: DemoPod;
}

export type Desk = Awaited<ReturnType<typeof openDesk>>;

/** Wires store, outputs, pods and domain; everything but the faces. `start` recovers and begins to work. */
export async function openDesk(config: Config, options: DeskOptions = {}) {
  const log = options.log ?? pino({ level: 'silent' });
  const clock = { now: () => new Date() };
  mkdirSync(config.dataDir, { recursive: true });
  const store = openSqliteJobStore({
    path: join(config.dataDir, 'podium.db'),
    onUnreadable: ({ id, reason }) => log.error({ jobId: id, reason }, 'a stored job cannot be read; it is left alone'),
  });
  const outputs = createFileOutputStore({ dir: join(config.dataDir, 'outputs'), maxBytes: config.outputMaxBytes });
  const events = new EventFan();
  const writer = new JobWriter(store, events, clock);
  const runner = new JobRunner({
    store,
    writer,
    clock,
    log,
    historyDays: config.historyDays,
    onPruned: async (ids) => {
      for (const id of ids) await outputs.remove(id);
    },
  });
  const service = new JobService({ store, writer, events, runner, clock });

  const ownDemoPod =
    config.pods.length === 0 && !options.demoPod ? await createDemoPod({ stepMs: config.demoPodStepMs }) : undefined;
  const demoPod = options.demoPod ?? ownDemoPod;
  const pods =
    config.pods.length > 0 || !demoPod
      ? config.pods
      : [{ id: 'demo', name: 'Demo pod', url: demoPod.url, headers: {} }];
  const decider = new ComfyUIErrorHandlerService({
    maxRetries: config.maxRetries,
    backoffBase: config.retryBackoffBaseMs,
  });
  const clients = pods.map(
    (pod) =>
      new ComfyUIPodClient({
        podId: pod.id,
        baseUrl: pod.url,
        headers: pod.headers,
        websocketClient: new ComfyUIWebSocketClient(),
      }),
  );
  for (const [index, client] of clients.entries())
    runner.add(
      new PodDriver({
        client,
        lease: { fence: { podId: client.podId, token: 1 }, valid: () => true },
        name: pods[index]?.name ?? client.podId,
        demo: config.pods.length === 0,
        slots: config.podSlots,
        staleAfterMs: config.jobStaleAfterMs,
        progressIntervalMs: config.progressIntervalMs,
        store,
        writer,
        outputs,
        decider,
        events,
        clock,
        log,
        random: Math.random,
        onRoom: () => runner.wake(),
        ...(options.onStep && { onStep: options.onStep }),
      }),
    );

  return {
    store,
    outputs,
    events,
    runner,
    service,
    clients,
    start: () => runner.start(),
    /** No new work, runs are left on their pods as recorded, then the store closes. */
    close: async () => {
      service.close();
      await runner.stop();
      await ownDemoPod?.close();
      await store.close();
    },
  };
}

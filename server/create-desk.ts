import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { pino, type Logger } from 'pino';
import { ComfyUIPodClient } from './comfy/pod-client.ts';
import type { PodTiming } from './comfy/timing.ts';
import { ComfyUIWebSocketClient } from './comfy/websocket-client.ts';
import type { Config, PodConfig } from './config.ts';
import { createDemoPod, type DemoPod } from './demo-pod/create-demo-pod.ts';
import { ComfyUIErrorHandlerService, type PolicyHooks } from './jobs/failures/error-handler.ts';
import { EventFan } from './jobs/event-fan.ts';
import { FailureGroups } from './jobs/failures/failure-groups.ts';
import { ForgottenPods } from './jobs/recovery/forgotten-pods.ts';
import { JobRunner } from './jobs/job-runner.ts';
import type { RunStep } from './jobs/runs/run-step.ts';
import { JobService } from './jobs/job-service.ts';
import { BatchService } from './jobs/batches/batch-service.ts';
import { JobWriter } from './jobs/job-writer.ts';
import type { HeldLease, Member } from './jobs/leases/lease.ts';
import { LeaseKeeper } from './jobs/leases/lease-keeper.ts';
import { limiter } from './jobs/limiter.ts';
import { hearOthers } from './jobs/leases/hear-others.ts';
import { toldEverywhere } from './jobs/leases/local-events.ts';
import { PodCatalogs } from './jobs/failures/pod-catalogs.ts';
import { COPY_PACE, type CopyPace } from './jobs/runs/output-copying.ts';
import { PodDriver } from './jobs/pods/pod-driver.ts';
import { openPreflight } from './jobs/preflight/open-preflight.ts';
import { instanceLabel, RecoveryBook, type RecoveryProgress } from './jobs/recovery/recovery-book.ts';
import { DeskSystem } from './jobs/system-desk.ts';
import { TemplateDesk } from './jobs/templates/template-desk.ts';
import { untilWritten } from './jobs/runs/until-written.ts';
import { PodInputs } from './jobs/uploads/pod-inputs.ts';
import { StorePace } from './jobs/runs/store-pace.ts';
import { undrivenPod } from './jobs/pods/undriven-pod.ts';
import { openStore } from './open-store.ts';
import { createFileOutputStore } from './outputs/file-output-store.ts';
import { SharedOutputs } from './shared-outputs.ts';
import { createFileUploadStore } from './uploads/file-upload-store.ts';
import { PODIUM_VERSION } from './version.ts';

export interface DeskOptions {
  log?: Logger;
  /** Called at the moments of a job's life at which a process may die. */
  onStep?: (step: RunStep, jobId: string) => void | Promise<void>;
  /** A demo pod that already runs; else one starts where no pod is configured. */
  demoPod?: DemoPod;
  podTiming?: Partial<PodTiming>;
  copyPace?: CopyPace;
  /** Told of what is decided about failures; may forbid further attempts. */
  policyHooks?: PolicyHooks;
  /** Called as recoveries go on. */
  onRecovery?: (progress: RecoveryProgress) => void;
}

export type Desk = Awaited<ReturnType<typeof openDesk>>;

/** Pods asked at once what they have, by size of their answers, and reads of the store at once meanwhile. */
const SURVEYS_AT_ONCE = 8;
const READS_AT_ONCE = 16;
/** How long after a loss pods that are taken over may hold what was lost: their instance may have died with it. */
const LOSS_MATTERS_MS = 60_000;
/** How often pods that nobody's configuration names are looked for. */
const FORGOTTEN_EVERY_MS = 60_000;
/** How often uploads that are no longer needed are looked for. */
const CLEAN_UPLOADS_EVERY_MS = 3_600_000;

/** Wires store, outputs, pods and domain; everything but the faces. `start` recovers and begins to work. */
export async function openDesk(config: Config, options: DeskOptions = {}) {
  const log = options.log ?? pino({ level: 'silent' });
  const instanceId = randomUUID();
  const { kind, store, leases, link } = await openStore(config, instanceId, log);
  const clock = { now: () => store.now() };
  const outputsDir = join(config.dataDir, 'outputs');
  const outputs = createFileOutputStore({ dir: outputsDir, maxBytes: config.outputMaxBytes });
  const uploads = createFileUploadStore({
    dir: join(config.dataDir, 'uploads'),
    maxBytes: config.uploadMaxBytes,
    // A day more than jobs are kept, so that the last retry of the oldest one still finds its files.
    keepMs: (config.historyDays + 1) * 86_400_000,
  });
  const events = new EventFan();
  const writer = new JobWriter(store, events, clock);

  const ownDemoPod =
    config.pods.length === 0 && !options.demoPod ? await createDemoPod({ stepMs: config.demoPodStepMs }) : undefined;
  const demoPod = options.demoPod ?? ownDemoPod;
  const demo = config.pods.length === 0;
  const pods: PodConfig[] =
    demo && demoPod ? [{ id: 'demo', name: 'Demo pod', url: demoPod.url, headers: {} }] : config.pods;
  const storePace = new StorePace(config.progressIntervalMs);
  const sharedOutputs = new SharedOutputs(outputsDir, instanceId);
  const complain = (what: string) => (error: unknown) => log.warn({ reason: String(error) }, what);
  const policy = new ComfyUIErrorHandlerService({
    maxRetries: config.maxRetries,
    backoffBase: config.retryBackoffBaseMs,
    poisonAfter: config.poisonAfter,
    ...options.policyHooks,
  });

  const runner = new JobRunner({
    store,
    writer,
    book: store,
    clock,
    log,
    historyDays: config.historyDays,
    configured: pods.map((pod) => undrivenPod(pod, { demo, slots: config.podSlots })),
    elsewhere: () => link.pods(),
    onPruned: async (ids) => {
      for (const id of ids) await outputs.remove(id);
    },
  });
  const groups = new FailureGroups(store);
  events.add(groups);
  const asked = new Map<string, ComfyUIPodClient>();
  /** A client that only asks, whoever drives the pod. */
  const askable = (podId: string): ComfyUIPodClient | undefined => {
    const pod = pods.find(({ id }) => id === podId);
    if (pod && !asked.has(podId)) asked.set(podId, openClient(pod));
    return asked.get(podId);
  };
  const catalogs = new PodCatalogs({ view: (podId) => runner.pod(podId), client: askable });
  const preflight = openPreflight({
    pods: () => runner.pods(),
    client: askable,
    uploads: (names) => uploads.known(names),
    requirePod: (podId) => runner.requirePod(podId),
    store,
    writer,
    driven: () => new Set(runner.driven().map(({ id }) => id)),
    onRoom: () => runner.wake(),
    log,
  });
  events.add({ podChanged: (view) => preflight.catalogs.podChanged(view) });
  const { admission, workflows, reader, judge } = preflight;
  const service = new JobService({ store, writer, events, runner, clock, groups, catalogs, admission });
  const batches = new BatchService({ store, writer, events, runner, clock, reader, judge, random: Math.random });
  const forgotten = new ForgottenPods({
    store,
    writer,
    clock,
    graceMs: kind === 'sqlite' ? 0 : config.jobStaleAfterMs,
  });

  const openClient = (pod: PodConfig) =>
    new ComfyUIPodClient({
      podId: pod.id,
      baseUrl: pod.url,
      headers: pod.headers,
      requestsPerSecond: config.podRequestsPerSecond,
      websocketClient: new ComfyUIWebSocketClient(),
      ...(options.podTiming && { timing: options.podTiming }),
    });
  const self: Member = {
    id: instanceId,
    name: `${hostname()}:${process.pid}`,
    version: PODIUM_VERSION,
    podIds: pods.map(({ id }) => id),
    startedAt: new Date().toISOString(),
  };
  const records = new RecoveryBook({
    book: store,
    now: clock.now,
    log,
    instance: instanceLabel(self),
    ...(options.onRecovery && { onProgress: options.onRecovery }),
  });
  events.add(records);
  const starting = new AbortController();
  const asking = limiter(SURVEYS_AT_ONCE);
  const reading = limiter(READS_AT_ONCE);
  const drive = (lease: HeldLease, deskId: string): PodDriver => {
    const pod = pods.find(({ id }) => id === lease.fence.podId);
    if (!pod) throw new Error(`There is no pod "${lease.fence.podId}" in this configuration`);
    const client = openClient(pod);
    return new PodDriver({
      client,
      inputs: new PodInputs({ pod: client, uploads }),
      lease,
      deskId,
      records,
      asking,
      reading,
      name: pod.name,
      demo,
      slots: config.podSlots,
      staleAfterMs: config.jobStaleAfterMs,
      progressIntervalMs: config.progressIntervalMs,
      onProgressWritten: (tookMs) => storePace.wrote(tookMs),
      silence: { hungAfterMs: config.hungAfterMs, hungAction: config.hungAction },
      copyPace: options.copyPace ?? COPY_PACE,
      store,
      writer,
      outputs,
      policy,
      pods: () => runner.pods(),
      lacks: (podId, things) => catalogs.lacks(podId, things),
      events: toldEverywhere(events, link, lease.fence),
      clock,
      log,
      random: Math.random,
      onLeaseLost: () => keeper.lookNow(),
      onRoom: () => runner.wake(),
      onRestart: () => preflight.catalogs.refresh(pod.id),
      ...(options.onStep && { onStep: options.onStep }),
    });
  };

  const keeper = new LeaseKeeper({
    leases,
    self,
    leaseMs: config.leaseMs,
    log,
    onGained: async (gained, how) => {
      if (how !== 'start') log.info({ pods: gained.map(({ fence }) => fence.podId), how }, 'driving more pods');
      const session = records.begin(
        how,
        gained.map(({ fence }) => fence.podId),
      );
      const ended = how === 'start' ? 'recent' : performance.now() - lostAt < LOSS_MATTERS_MS ? 'all' : 'none';
      try {
        const deskId = await untilWritten(() => store.deskId(), starting.signal, log);
        if (deskId === undefined) return;
        await Promise.all(gained.map((lease) => runner.attach(drive(lease, deskId), session, ended)));
      } finally {
        session.close();
      }
    },
    onEnded: (lease) => runner.detach(lease.fence.podId),
    onBoard: (board) => void sharedOutputs.look(board).catch(complain('whether outputs are shared could not be seen')),
  });
  const lookForForgotten = () =>
    forgotten
      .look(new Set([...self.podIds, ...keeper.board.members.flatMap(({ podIds }) => podIds)]))
      .catch(complain('jobs on pods of nobody could not be looked for'));
  let forgottenTimer: NodeJS.Timeout | undefined;
  let cleaningTimer: NodeJS.Timeout | undefined;

  const system = new DeskSystem({
    kind,
    store,
    book: store,
    instanceId,
    board: () => keeper.board,
    moreWarnings: () => [...sharedOutputs.warnings(), ...storePace.warnings()],
    onDispatch: ({ paused }) => runner.setPaused(paused),
  });

  /** When the store was last found to have lost writes, in milliseconds of `performance.now()`. */
  let lostAt = Number.NEGATIVE_INFINITY;
  /** The store has lost its last writes: what pods have of them is taken in again. */
  const lookAgain = async (): Promise<void> => {
    const drivers = runner.driven();
    const session = records.begin(
      'store_return',
      drivers.map(({ id }) => id),
    );
    await Promise.all(drivers.map((driver) => driver.lookAgain(session))).finally(() => session.close());
  };

  let handingOver: Promise<void> | undefined;
  /** No new work; runs are left on their pods as recorded, and the pods given to other instances. Once. */
  const handOver = (): Promise<void> =>
    (handingOver ??= (async () => {
      service.close();
      batches.close();
      starting.abort();
      clearInterval(forgottenTimer);
      await preflight.waiting.stop();
      clearInterval(cleaningTimer);
      await runner.stop();
      await keeper.stop();
      await records.stop();
      await sharedOutputs.leave();
    })());

  return {
    store,
    outputs,
    uploads,
    events,
    runner,
    service,
    batches,
    templates: new TemplateDesk({ book: store.templates, clock }),
    workflows,
    admission,
    system,
    link,
    /** File names in one model folder of the first pod that tells. */
    models: async (folder: string): Promise<string[]> => {
      for (const driver of runner.driven()) {
        const names = await driver.models(folder).catch((): string[] => []);
        if (names.length > 0) return names;
      }
      return [];
    },
    async start(): Promise<void> {
      await sharedOutputs.join();
      if (config.startPaused) await untilWritten(() => system.pause('START_PAUSED=1'), starting.signal, log);
      await link.start(hearOthers({ events, runner, log }));
      store.onReturn(async (lost) => {
        keeper.lookNow();
        if (lost) {
          lostAt = performance.now();
          await lookAgain();
        } else await Promise.all(runner.driven().map((driver) => driver.takeUpLeft()));
        runner.wake();
      });
      void outputs.cleanUp();
      void uploads.cleanUp();
      cleaningTimer = setInterval(() => void uploads.cleanUp(), CLEAN_UPLOADS_EVERY_MS);
      if (kind === 'sqlite') await lookForForgotten();
      await keeper.start();
      await records
        .closeAbandoned(keeper.board.members.map(instanceLabel))
        .catch(complain('records of recoveries that broke off could not be closed'));
      await runner.start();
      preflight.waiting.start();
      forgottenTimer = setInterval(() => void lookForForgotten(), FORGOTTEN_EVERY_MS);
    },
    lookAgain,
    handOver,
    /** Hands over, then closes the store. */
    close: async () => {
      await handOver();
      await Promise.all([...asked.values()].map((client) => client.stop()));
      await link.close();
      await ownDemoPod?.close();
      await store.close();
    },
  };
}

import { randomUUID } from 'node:crypto';
import type { MissingThing } from '../../lib/jobs/job-error.ts';
import type { JobProgress } from '../../lib/jobs/progress.ts';
import type { Prompt } from '../../lib/workflow/prompt.ts';
import type {
  CancelOutcome,
  InputFile,
  InputOutcome,
  KnownWhereabouts,
  LinkState,
  NodeInfo,
  OpenedOutput,
  PodClient,
  PodMemory,
  PodQueue,
  PodSurvey,
  ProbeResult,
  SettleOutcome,
  SubmitOutcome,
  SubmitRequest,
} from '../jobs/pod-client.ts';
import type { PodOutput, PromptEnd, PromptListener, PromptWhereabouts } from '../jobs/pod-events.ts';
import type { FailurePolicy } from '../jobs/failures/failure-policy.ts';
import { modelNamesSchema } from './answer-schemas.ts';
import { askNumber } from './ask-number.ts';
import { obeysPromptIds, PromptCanceller } from './cancel.ts';
import { hasInput, putInput } from './input-files.ts';
import { readNodeInfo } from './node-info.ts';
import { openOutput } from './open-output.ts';
import { podAddress, podHeaders, type PodAddress } from './pod-address.ts';
import { PodCatalog } from './pod-catalog.ts';
import { PodHttp } from './pod-http.ts';
import { PodLink } from './pod-link.ts';
import { PodSurveyor } from './pod-surveyor.ts';
import { probePod } from './probe.ts';
import { ProgressCallback } from './progress-callback.ts';
import { PromptIds } from './prompt-ids.ts';
import { PromptLookup } from './prompt-lookup.ts';
import { PromptWatch } from './prompt-watch.ts';
import { RecentPrompts } from './recent-prompts.ts';
import { RestartProof, UNWATCHED, type PodMoment } from './restart-proof.ts';
import { settlePrompt } from './settle.ts';
import { SocketKeeper } from './socket-keeper.ts';
import { sortSubmission, submissionBody } from './submission.ts';
import { DEFAULT_TIMING, MAX_BYTES, type PodTiming } from './timing.ts';
import type { ComfyUIWebSocketClient } from './websocket-client.ts';
import { workflowOutput, type WorkflowResult } from './workflow-result.ts';
import { WorkflowRun, type WorkflowRunDeps } from './workflow-run.ts';

export interface PodClientOptions {
  /** http or https; may hold a path prefix, a query, and a user with password. */
  baseUrl: string;
  /** Without one, everything is known by polling. */
  websocketClient?: ComfyUIWebSocketClient;
  /** Decides about retries of `executeWorkflow` and `queueWorkflow`; without one there are none. */
  errorHandler?: FailurePolicy;
  /** Sent with every request and with the WebSocket's handshake. */
  headers?: Readonly<Record<string, string>>;
  podId?: string;
  /** Most requests a second over HTTP, submissions first; 0, as where absent, for no limit. */
  requestsPerSecond?: number;
  timing?: Partial<PodTiming>;
}

/** Longest and shortest pause between two looks that a program may ask for, and its wait for a socket that opens. */
const LOOK_MS = { min: 100, max: 60_000, socketWait: 1000 } as const;

/** One ComfyUI pod: the domain's port, and `executeWorkflow`/`queueWorkflow` for programs. */
export class ComfyUIPodClient implements PodClient {
  readonly podId: string;
  readonly baseUrl: string;
  private readonly address: PodAddress;
  private readonly headers: Record<string, string>;
  private readonly timing: PodTiming;
  private readonly http: PodHttp;
  private readonly lookup: PromptLookup;
  private readonly catalog: PodCatalog;
  private readonly surveyor: PodSurveyor;
  private readonly canceller: PromptCanceller;
  private readonly watch: PromptWatch;
  private readonly news: PodLink;
  private readonly recent = new RecentPrompts();
  private readonly closing = new AbortController();
  private readonly socket: SocketKeeper;
  private readonly errorHandler: FailurePolicy | undefined;
  private proof: RestartProof | undefined;
  private restartsSeen: PodMoment = UNWATCHED;
  private version: string | undefined;

  /** @throws TypeError where `baseUrl` is no http(s) URL */
  constructor(options: PodClientOptions) {
    this.baseUrl = options.baseUrl;
    this.podId = options.podId ?? 'pod';
    this.address = podAddress(options.baseUrl);
    this.headers = podHeaders(this.address, options.headers ?? {});
    this.timing = { ...DEFAULT_TIMING, ...options.timing };
    this.errorHandler = options.errorHandler;
    const { websocketClient } = options;
    this.news = new PodLink(websocketClient !== undefined);
    const onCall = (answered: boolean) => {
      const isBack = answered && this.news.isRestDown();
      if (!answered) this.proof?.noteOutage();
      this.news.restIs(answered ? 'up' : 'down');
      if (isBack) this.catalog.forget();
      // A pod that boots for minutes has made the socket's pauses long; it need not sit the last one out.
      if (isBack && websocketClient?.openSince() === undefined) websocketClient?.reconnect();
    };
    this.http = new PodHttp(this.address, this.headers, this.timing, { onCall }, options.requestsPerSecond);
    this.lookup = new PromptLookup(this.http, new PromptIds(), () => this.mayRename());
    this.catalog = new PodCatalog(this.http, now);
    this.surveyor = new PodSurveyor(this.http, this.lookup);
    this.canceller = new PromptCanceller(this.http, this.lookup, () => this.version);
    this.watch = new PromptWatch({
      lookup: this.lookup,
      proof: () => this.memory(),
      timing: this.timing,
      now,
      mendSocket: () => websocketClient?.reconnect(),
      socketOpenSince: () => websocketClient?.openSince(),
      isCancelled: (promptId) => this.recent.isCancelled(promptId),
    });
    this.socket = new SocketKeeper({
      websocket: websocketClient,
      target: () => ({ url: this.address.socketUrl(this.memory().clientId), headers: this.headers }),
      onOpening: () => this.news.socketIs('opening'),
      listener: {
        onFrame: (frame) => this.watch.frame(frame),
        onOpen: () => {
          this.news.socketIs('open');
          this.watch.lookNow();
        },
        onDown: (_reason, lost) => {
          if (lost) this.memory().noteOutage();
          this.news.socketIs('down');
          this.watch.lookNow();
        },
      },
    });
  }

  start(memory: PodMemory, onMemory: (memory: PodMemory) => void): void {
    this.proof = this.proofFrom(memory, onMemory);
    this.socket.hold();
  }

  async stop(): Promise<void> {
    this.closing.abort();
    this.watch.close();
    await Promise.all([this.socket.stop(), this.http.close()]);
  }

  /** The same as `stop`, for programs. */
  close(): Promise<void> {
    return this.stop();
  }

  link(): LinkState {
    return this.news.state();
  }

  onLink(listener: (link: LinkState) => void): () => void {
    return this.news.onChange(listener);
  }

  async probe(): Promise<ProbeResult> {
    const result = await probePod(this.http, this.address.shown, this.timing, Date.now);
    if (result.ok) this.noteVersion(result.stats.version);
    return result;
  }

  queue(): Promise<PodQueue> {
    return this.lookup.queue();
  }

  models(folder: string): Promise<string[]> {
    const path = `/models/${encodeURIComponent(folder)}`;
    return this.http.json(modelNamesSchema, { path, maxBytes: MAX_BYTES.models });
  }

  async whereabouts(promptId: string): Promise<PromptWhereabouts> {
    const found = await this.lookup.whereabouts(promptId);
    if (found.kind === 'ended') this.memory().noteEnded(this.lookup.ids.onPod(promptId));
    return found;
  }

  async hasForgotten(promptId: string): Promise<boolean> {
    const given = this.recent.seen(promptId) ?? UNWATCHED;
    if (await this.lookup.inHistory(promptId)) return false;
    return this.memory().since(given, this.lookup, true);
  }

  async survey(promptIds: readonly string[], { history = false } = {}): Promise<PodSurvey> {
    const proof = this.memory();
    const moment = proof.moment();
    const survey = await this.surveyor.survey(promptIds, history);
    for (const id of promptIds) {
      const where = survey.found.get(id);
      if (where) this.recent.submitted(id, moment);
    }
    const ended = promptIds.findLast((id) => survey.found.get(id)?.kind === 'ended');
    if (ended !== undefined) proof.noteEnded(this.lookup.ids.onPod(ended));
    return survey;
  }

  expectSubmit(): void {
    this.http.openAhead();
  }

  async submit(request: SubmitRequest): Promise<SubmitOutcome> {
    const proof = this.memory();
    const before = proof.highestNumber;
    const sentAt = proof.moment();
    this.recent.submitted(request.promptId, sentAt);
    const body = submissionBody(request, proof.clientId, this.mayRename());
    const sent = await this.http.once('/prompt', body, MAX_BYTES.submitAnswer, request.mayStart);
    const outcome = sortSubmission(sent, request, {
      shown: this.address.shown,
      now: Date.now(),
      onAccepted: (idOnPod) => this.lookup.ids.learn(request.promptId, idOnPod),
    });
    if (outcome.kind === 'accepted' && outcome.number !== undefined) {
      proof.noteNumber(outcome.number, before);
      this.recent.submitted(request.promptId, proof.momentOfAnswer(sentAt));
    }
    return outcome;
  }

  settle(promptId: string, signal: AbortSignal): Promise<SettleOutcome> {
    const { settleDirectMs, settleProxyMs, settleLookMs } = this.timing;
    const proof = this.memory();
    const deps = {
      lookup: this.lookup,
      proof,
      settleMs: () => (this.http.proxied ? settleProxyMs : settleDirectMs),
      lookMs: settleLookMs,
      now,
    };
    return settlePrompt(deps, promptId, this.recent.seen(promptId) ?? UNWATCHED, signal);
  }

  dropDuplicate(promptId: string): Promise<void> {
    return this.canceller.dropDuplicate(promptId);
  }

  follow(
    target: { promptId: string; prompt: Prompt; from?: JobProgress; known?: KnownWhereabouts; lookMs?: number },
    listener: PromptListener,
    signal: AbortSignal,
  ): Promise<PromptEnd> {
    this.memory();
    const seen = this.recent.seen(target.promptId) ?? UNWATCHED;
    const lookMs = target.lookMs ?? this.timing.lookMs;
    return this.socket.during(() => this.watch.follow({ ...target, seen, lookMs }, listener, signal));
  }

  async cancel(promptId: string): Promise<CancelOutcome> {
    if (this.version === undefined) await this.probe();
    this.recent.cancelled(promptId);
    return this.canceller.cancel(promptId);
  }

  withdraw(promptId: string): Promise<boolean> {
    return this.canceller.withdraw(promptId);
  }

  async hasRestarted(): Promise<boolean> {
    const proof = this.memory();
    const moment = proof.moment();
    const restarted = await proof.since(this.restartsSeen, this.lookup, false);
    this.restartsSeen = restarted ? proof.moment() : moment;
    return restarted;
  }

  async free(options: { unloadModels: boolean; freeMemory: boolean }): Promise<void> {
    const body = { unload_models: options.unloadModels, free_memory: options.freeMemory };
    await this.http.ok({ method: 'POST', path: '/free', body, maxBytes: MAX_BYTES.small });
  }

  lacks(things: readonly MissingThing[]): Promise<MissingThing[]> {
    return this.catalog.lacks(things);
  }

  nodeInfo(): Promise<NodeInfo> {
    return readNodeInfo(this.http);
  }

  hasInput(name: string, bytes?: number): Promise<boolean> {
    return hasInput(this.http, this.address.shown, name, bytes);
  }

  putInput(file: InputFile, signal: AbortSignal): Promise<InputOutcome> {
    return putInput(this.http, this.address.shown, file, signal, Date.now());
  }

  openOutput(output: Extract<PodOutput, { kind: 'file' }>, offset: number): Promise<OpenedOutput> {
    return openOutput(this.http, this.address.shown, output, offset);
  }

  /**
   * Runs a workflow on this pod and waits for its end. `onProgress` gets whole percents, rising, at most one call a
   * second; 100 comes last and only on success. `pollingIntervalMs` is the pause between looks by REST, which go on
   * beside the WebSocket. @throws JobFailedError
   */
  async executeWorkflow(
    workflow: Prompt,
    pollingIntervalMs = 2000,
    onProgress: (percent: number) => void = () => undefined,
  ): Promise<WorkflowResult> {
    const lookMs = Math.min(LOOK_MS.max, Math.max(LOOK_MS.min, pollingIntervalMs));
    const callback = new ProgressCallback(onProgress, now);
    const deps = this.runDeps(AbortSignal.any([this.closing.signal, callback.broken]));
    try {
      const { promptId, end } = await this.socket.during(async () => {
        await this.news.whenTried(LOOK_MS.socketWait);
        return new WorkflowRun(deps, workflow).execute(lookMs, (progress) => callback.offer(progress.percent));
      });
      await callback.complete();
      callback.broken.throwIfAborted();
      const urlOf = (query: Record<string, string>) => this.address.publicUrl('/view', query);
      return { promptId, outputs: end.outputs.map((output) => workflowOutput(output, urlOf)), warnings: end.warnings };
    } catch (error) {
      callback.broken.throwIfAborted();
      throw error;
    } finally {
      callback.stop();
    }
  }

  /** Resolves once the pod has the workflow in its queue; it is never put there twice. @throws JobFailedError */
  async queueWorkflow(workflow: Prompt): Promise<{ promptId: string }> {
    return { promptId: await new WorkflowRun(this.runDeps(this.closing.signal), workflow).queue() };
  }

  private runDeps(signal: AbortSignal): WorkflowRunDeps {
    return {
      pod: this,
      ...(this.errorHandler && { policy: this.errorHandler }),
      follow: (target, listener, until) => this.follow(target, listener, until),
      signal,
      giveUpMs: this.timing.giveUpMs,
    };
  }

  /** What is known of the pod; a client that was not started remembers for itself. */
  private memory(): RestartProof {
    this.proof ??= this.proofFrom({ clientId: randomUUID() }, () => undefined);
    return this.proof;
  }

  private proofFrom(memory: PodMemory, onMemory: (memory: PodMemory) => void): RestartProof {
    return new RestartProof(memory, onMemory, () => askNumber(this.http));
  }

  private mayRename(): boolean {
    return !obeysPromptIds(this.version);
  }

  /** Another version behind the same address may know other calls. */
  private noteVersion(version: string): void {
    if (this.version !== undefined && this.version !== version) {
      this.canceller.forgetWhatThePodKnows();
      this.lookup.forgetWhatThePodKnows();
    }
    this.version = version;
  }
}

const now = (): number => performance.now();

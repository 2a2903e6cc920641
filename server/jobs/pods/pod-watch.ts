import { failureRules } from '../../../lib/jobs/failure-rules.ts';
import type { JobError } from '../../../lib/jobs/job-error.ts';
import type { PodView } from '../../../lib/protocol/pods.ts';
import { pickCheckpoint } from '../../../lib/workflow/default-checkpoint.ts';
import { afterFailedAttempt, afterProbed, breakerPauseMs, closedBreaker, keptBreaker, toKeep } from './breaker.ts';
import type { Clock } from '../job-writer.ts';
import type { Log } from '../log.ts';
import type { PodClient, PodCondition, PodQueue } from '../pod-client.ts';
import type { PodConditions } from './pod-conditions.ts';
import {
  afterProbe,
  afterQueue,
  afterRestart,
  isUsable,
  keptHealth,
  quarantined,
  reopened,
  troubleOf,
  unauthorized,
  unknownHealth,
  type PodHealth,
} from './pod-health.ts';
import { probePauseMs } from './probe-pause.ts';
import { waitMs } from '../wait.ts';

export interface PodWatchDeps {
  client: PodClient;
  clock: Clock;
  random: () => number;
  log: Log;
  conditions: Pick<PodConditions, 'now' | 'patch'>;
  /** Something a person sees may have changed. */
  onChange: () => void;
  /** Awaited after each probe, before the next. `answered`: as ComfyUI does; `wasUsable`: before it. */
  onProbed: (answered: boolean, wasUsable: boolean) => Promise<void>;
}

/** Pause between probes of a pod that is well, and of one whose credentials are refused. */
const PROBE_WELL_MS = 5000;
const PROBE_UNAUTHORIZED_MS = 60_000;
const HOLD_FORGOTTEN_MS = 60_000;
/** Failures of a pod that are shown. */
const MAX_ERRORS = 5;

/** Watches one pod by probes and by what runs learn of it: its health, its circuit breaker, its newest failures. */
export class PodWatch {
  health: PodHealth = unknownHealth;
  queue: PodQueue = { running: [], pending: [] };
  /** The checkpoint that ready workflows use there. */
  checkpoint: string | null = null;
  private breaker = closedBreaker;
  private startedAt = 0;
  private nextProbeAt: number | undefined;
  private probeNow = new AbortController();
  private unsent = 0;
  private heldUntil = 0;
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly deps: PodWatchDeps) {}

  /** Goes on with what an earlier driver found out. */
  resume({ trouble, breaker }: PodCondition): void {
    const kept = trouble && { ...trouble, since: Date.parse(trouble.since) };
    this.breaker = keptBreaker(breaker);
    this.health = keptHealth(kept, breaker?.openedAt);
    this.startedAt = this.now();
  }

  start(signal: AbortSignal): void {
    this.running = this.run(signal);
  }

  /** Resolves when the watching has ended; its signal must have been given. */
  async stop(): Promise<void> {
    this.probeNow.abort();
    await this.running;
  }

  get usable(): boolean {
    return isUsable(this.health) && this.breaker.state === 'closed';
  }

  /** Whether it has to be left alone for a moment, because it did not take what it was offered. */
  get held(): boolean {
    return this.now() < this.heldUntil;
  }

  /** Milliseconds since the pod last answered as ComfyUI, as far as this watch knows; 0 while it answers. */
  get silentMs(): number {
    const { aliveAt, failingSince } = this.health;
    return failingSince === undefined ? 0 : this.now() - (aliveAt ?? Math.max(failingSince, this.startedAt));
  }

  /** What a person is shown of it. */
  view(): Pick<PodView, 'state' | 'breaker' | 'lastErrors'> &
    Partial<Pick<PodView, 'reason' | 'troubleSince' | 'nextProbeAt' | 'checkedAt'>> {
    const { state, reason, troubleSince, checkedAt } = this.health;
    const isWatched = isUsable({ state }) && this.breaker.state !== 'closed';
    const why = isWatched ? 'It answers again; one more good answer and it gets work.' : reason;
    return {
      state: isWatched ? 'connecting' : state,
      ...(why !== undefined && { reason: why }),
      breaker: this.breaker.state,
      ...(this.nextProbeAt !== undefined && { nextProbeAt: iso(this.nextProbeAt) }),
      ...(troubleSince !== undefined && { troubleSince: iso(troubleSince) }),
      lastErrors: this.deps.conditions.now.lastErrors ?? [],
      ...(checkedAt !== undefined && { checkedAt: iso(checkedAt) }),
    };
  }

  async probe(): Promise<void> {
    const { client, onChange, onProbed } = this.deps;
    const wasUsable = this.usable;
    const result = await client.probe();
    this.health = afterProbe(this.health, result, client.link(), this.now());
    this.breaker = afterProbed(this.breaker, result.ok, this.now());
    if (result.ok) {
      await this.lookForRestart();
      const queue = await client.queue().catch(() => undefined);
      if (queue) {
        this.queue = queue;
        const lengths = { running: queue.running.length, pending: queue.pending.length };
        this.health = afterQueue(this.health, lengths, this.now());
      }
    }
    if (result.ok && !wasUsable) {
      const names = await client.models('checkpoints').catch(() => []);
      this.checkpoint = pickCheckpoint(names);
    }
    this.keep();
    onChange();
    await onProbed(result.ok, wasUsable);
  }

  probeSoon(): void {
    if (this.health.state !== 'unauthorized') this.probeNow.abort();
    this.deps.onChange();
  }

  /** An attempt met something that may say how the pod is. */
  trouble(error: JobError, jobId: string): void {
    const { code, message } = error;
    const now = this.now();
    this.remember(error, jobId);
    if (code === 'gpu_broken')
      this.health = quarantined(this.health, `Its GPU does not work until ComfyUI restarts: ${message}`, now);
    else if (code === 'pod_unauthorized') this.health = unauthorized(this.health, message, now);
    else if (failureRules[code].countsAgainstBreaker) {
      this.breaker = afterFailedAttempt(this.breaker, now);
      // A cut connection alone does not show that the pod is away.
      if (code !== 'submission_cut' && isUsable(this.health))
        this.health = { ...this.health, state: 'connecting', reason: message };
      this.hold();
    } else return this.keep();
    this.keep();
    this.probeSoon();
  }

  /** A person says that the pod can be tried again, whatever was wrong with it before. */
  reopen(orderedAt: number): void {
    const health = reopened(this.health, orderedAt);
    const opened = this.breaker.openedAt !== undefined && this.breaker.openedAt < orderedAt;
    if (health === this.health && !opened) return;
    this.health = health;
    if (opened) this.breaker = closedBreaker;
    this.heldUntil = 0;
    this.keep();
    this.probeSoon();
  }

  /** The pod has proven to have restarted. */
  restarted(): void {
    this.health = afterRestart(this.health);
    this.keep();
    this.deps.onChange();
  }

  /** A pod that is kept from work until it restarts has no prompts by which that would show. */
  private async lookForRestart(): Promise<void> {
    if (!this.health.quarantine && this.health.state !== 'stuck') return;
    if (await this.deps.client.hasRestarted().catch(() => false)) this.health = afterRestart(this.health);
  }

  /** A pod that answers probes but takes no prompt is offered one ever more seldom. */
  private hold(): void {
    const now = this.now();
    this.unsent = now - this.heldUntil < HOLD_FORGOTTEN_MS ? this.unsent + 1 : 1;
    this.heldUntil = now + probePauseMs(this.unsent, this.deps.random);
  }

  private async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      // Waited on alone: a signal made of two would stay bound to the long-lived one for as long as the pod is driven.
      this.probeNow = new AbortController();
      await this.probe();
      const pauseMs = this.pauseMs();
      this.nextProbeAt = pauseMs === undefined ? undefined : this.now() + pauseMs;
      this.deps.onChange();
      if (!signal.aborted) await waitMs(pauseMs ?? PROBE_WELL_MS, this.probeNow.signal);
    }
  }

  /** Undefined where the pod is probed as one that is well. */
  private pauseMs(): number | undefined {
    if (this.health.state === 'unauthorized') return PROBE_UNAUTHORIZED_MS;
    return breakerPauseMs(this.breaker, this.deps.random);
  }

  private remember({ code, message }: JobError, jobId: string): void {
    const { countsAgainstBreaker, blame } = failureRules[code];
    if (!countsAgainstBreaker && blame !== 'pod' && code !== 'pod_unauthorized') return;
    const error = { at: iso(this.now()), code, message, jobId };
    this.patch((now) => ({ ...now, lastErrors: [error, ...(now.lastErrors ?? [])].slice(0, MAX_ERRORS) }));
  }

  /** Writes down what has to outlive this driver, where it has changed. */
  private keep(): void {
    const { since, ...what } = troubleOf(this.health) ?? {};
    const breaker = toKeep(this.breaker);
    const kept = {
      ...(since !== undefined && { trouble: { ...what, since: iso(since) } }),
      ...(breaker && { breaker }),
    } as Pick<PodCondition, 'trouble' | 'breaker'>;
    this.patch((now) => {
      const { trouble, breaker: before, ...others } = now;
      const was = { ...(trouble && { trouble }), ...(before && { breaker: before }) };
      return JSON.stringify(was) === JSON.stringify(kept) ? now : { ...others, ...kept };
    });
  }

  private patch(change: (now: PodCondition) => PodCondition): void {
    this.deps.conditions.patch(change).catch((error: unknown) => {
      const { client, log } = this.deps;
      log.warn({ podId: client.podId, reason: String(error) }, 'what was found out about the pod could not be saved');
    });
  }

  private now(): number {
    return this.deps.clock.now().getTime();
  }
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

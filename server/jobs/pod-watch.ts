import { failureRules } from '../../lib/jobs/failure-rules.ts';
import type { JobError } from '../../lib/jobs/job-error.ts';
import { pickCheckpoint } from '../../lib/workflow/default-checkpoint.ts';
import type { Clock } from './job-writer.ts';
import type { PodClient, PodQueue } from './pod-client.ts';
import { afterProbe, afterQueue, afterRestart, isUsable, unknownHealth, type PodHealth } from './pod-health.ts';
import { probePauseMs } from './probe-pause.ts';
import { waitMs } from './wait.ts';

interface PodWatchDeps {
  client: PodClient;
  clock: Clock;
  random: () => number;
  /** Something a person sees may have changed. */
  onChange: () => void;
  /** Awaited after each probe, before the next. `answered`: as ComfyUI does; `wasUsable`: before it. */
  onProbed: (answered: boolean, wasUsable: boolean) => Promise<void>;
}

/** Pause between probes of a pod that is well, and of one whose credentials are refused. */
const PROBE_WELL_MS = 5000;
const PROBE_UNAUTHORIZED_MS = 60_000;
const HOLD_FORGOTTEN_MS = 60_000;

/** Watches one pod's health by probes, and by what runs learn of it. */
export class PodWatch {
  health: PodHealth = unknownHealth;
  queue: PodQueue = { running: [], pending: [] };
  /** The checkpoint that ready workflows use there. */
  checkpoint: string | null = null;
  private probeNow = new AbortController();
  private unsent = 0;
  private heldUntil = 0;
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly deps: PodWatchDeps) {}

  start(signal: AbortSignal): void {
    this.running = this.run(signal);
  }

  /** Resolves when the watching has ended; its signal must have been given. */
  async stop(): Promise<void> {
    this.probeNow.abort();
    await this.running;
  }

  get usable(): boolean {
    return isUsable(this.health);
  }

  /** Whether it has to be left alone for a moment, because it did not take what it was offered. */
  get held(): boolean {
    return this.now() < this.heldUntil;
  }

  async probe(): Promise<void> {
    const { client, onChange, onProbed } = this.deps;
    const wasUsable = this.usable;
    const result = await client.probe();
    this.health = afterProbe(this.health, result, client.link(), this.now());
    if (result.ok) {
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
    onChange();
    await onProbed(result.ok, wasUsable);
  }

  probeSoon(): void {
    if (this.health.state !== 'unauthorized') this.probeNow.abort();
    this.deps.onChange();
  }

  /** A run met something that says how the pod is. */
  trouble({ code, message }: JobError): void {
    if (code === 'gpu_broken') {
      const why = `Its GPU process is broken until ComfyUI restarts: ${message}`;
      this.health = { ...this.health, state: 'quarantined', reason: why };
    } else if (code === 'pod_unauthorized') {
      this.health = { ...this.health, state: 'unauthorized', reason: message };
    } else if (failureRules[code].countsAgainstBreaker) {
      this.health = { ...this.health, state: 'connecting', failures: this.health.failures + 1, reason: message };
      this.hold();
    } else return;
    this.probeSoon();
  }

  /** The pod has proven to have restarted. */
  restarted(): void {
    this.health = afterRestart(this.health);
    this.deps.onChange();
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
      if (!signal.aborted) await waitMs(this.pauseMs(), this.probeNow.signal);
    }
  }

  private pauseMs(): number {
    const { state, failures } = this.health;
    if (state === 'unauthorized') return PROBE_UNAUTHORIZED_MS;
    return failures > 0 ? probePauseMs(failures, this.deps.random) : PROBE_WELL_MS;
  }

  private now(): number {
    return this.deps.clock.now().getTime();
  }
}

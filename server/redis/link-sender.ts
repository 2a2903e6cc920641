import type { JobProgress } from '../../lib/jobs/progress.ts';
import { Coalescer } from '../jobs/runs/coalescer.ts';
import type { PromptPreview } from '../jobs/pod-events.ts';
import type { RedisConnection } from './connection.ts';
import type { RedisKeys } from './keys.ts';
import { MAX_PREVIEW_BYTES, previewMessage } from './link-messages.ts';

/** Milliseconds between two messages about a job: to every instance, and to those where somebody watches it. */
const PROGRESS_MS = 1000;
const WATCHED_PROGRESS_MS = 100;
const PREVIEW_MS = 250;
/** How long it is believed that somebody listens, or nobody does. */
const BELIEVE_MS = 1000;
/** Messages on their way to Redis; a slow Redis gets no more. */
const MAX_SENDING = 64;

export interface LinkSenderDeps {
  redis: RedisConnection;
  keys: RedisKeys;
  instanceId: string;
  /** Whether this instance itself listens to a channel. */
  isListening: (channel: string) => boolean;
}

/** Tells other instances what may be lost, and only what one of them listens to. */
export class LinkSender {
  private readonly forAll = new Coalescer<JobProgress>(PROGRESS_MS, (id, value) => void this.sendProgress(id, value));
  private readonly forWatchers = new Coalescer<JobProgress>(
    WATCHED_PROGRESS_MS,
    (id, value) => void this.sendWatched(id, value),
  );
  private readonly previews = new Coalescer<PromptPreview>(PREVIEW_MS, (id, value) => void this.sendPreview(id, value));
  /** Whether anybody elsewhere watches a job, and until when, in ms of `performance.now`, that is believed. */
  private readonly watchers = new Map<string, { any: Promise<boolean>; until: number }>();
  private aloneUntil = 0;
  private sending = 0;

  constructor(private readonly deps: LinkSenderDeps) {}

  progress(jobId: string, progress: JobProgress): void {
    this.forWatchers.offer(jobId, progress);
    this.forAll.offer(jobId, progress);
  }

  preview(jobId: string, preview: PromptPreview): void {
    if (preview.bytes.byteLength <= MAX_PREVIEW_BYTES) this.previews.offer(jobId, preview);
  }

  stop(): void {
    for (const lane of [this.forAll, this.forWatchers, this.previews]) lane.stop();
  }

  private async sendProgress(jobId: string, progress: JobProgress): Promise<void> {
    if (this.isAlone()) return;
    const heardBy = await this.publish(this.deps.keys.progressChannel, this.progressMessage(jobId, progress));
    // This instance listens too.
    if (heardBy !== undefined && heardBy <= 1) this.aloneUntil = performance.now() + BELIEVE_MS;
  }

  private async sendWatched(jobId: string, progress: JobProgress): Promise<void> {
    if (await this.isWatched(jobId))
      await this.publish(this.deps.keys.watchChannel(jobId), this.progressMessage(jobId, progress));
  }

  private async sendPreview(jobId: string, preview: PromptPreview): Promise<void> {
    const { keys, instanceId } = this.deps;
    if (await this.isWatched(jobId))
      await this.publish(keys.previewChannel(jobId), previewMessage(instanceId, jobId, preview));
  }

  private progressMessage(jobId: string, progress: JobProgress): string {
    return JSON.stringify({ from: this.deps.instanceId, jobId, progress });
  }

  private isAlone(): boolean {
    return performance.now() < this.aloneUntil;
  }

  private async isWatched(jobId: string): Promise<boolean> {
    if (this.isAlone()) return false;
    const now = performance.now();
    const known = this.watchers.get(jobId);
    if (known && known.until > now) return known.any;
    for (const [id, { until }] of this.watchers) if (until <= now) this.watchers.delete(id);
    const any = this.countWatchers(jobId);
    this.watchers.set(jobId, { any, until: now + BELIEVE_MS });
    return any;
  }

  private async countWatchers(jobId: string): Promise<boolean> {
    const channel = this.deps.keys.watchChannel(jobId);
    const own = this.deps.isListening(channel) ? 1 : 0;
    const count = await this.ask('PUBSUB', 'NUMSUB', channel);
    return Array.isArray(count) && Number(count[1]) > own;
  }

  /** How many have heard it; undefined where that is not known. */
  private async publish(channel: string, message: string | Buffer): Promise<number | undefined> {
    const heardBy = await this.ask('PUBLISH', channel, message);
    return typeof heardBy === 'number' ? heardBy : undefined;
  }

  /** Undefined where Redis is away or slow: what is sent here may be lost. */
  private async ask(command: string, ...args: (string | Buffer)[]): Promise<unknown> {
    if (!this.deps.redis.ready || this.sending >= MAX_SENDING) return undefined;
    this.sending += 1;
    try {
      return await this.deps.redis.call(command, ...args);
    } catch {
      return undefined;
    } finally {
      this.sending -= 1;
    }
  }
}

import { isOnPod } from '../../lib/jobs/job.ts';
import type { JobProgress } from '../../lib/jobs/progress.ts';
import type { PodView } from '../../lib/protocol/pods.ts';
import { Coalescer } from '../jobs/coalescer.ts';
import type { InstanceLink, LinkListener } from '../jobs/instance-link.ts';
import type { Fence } from '../jobs/lease.ts';
import type { PromptPreview } from '../jobs/pod-events.ts';
import { ChangeTail, type StreamEntry } from './change-tail.ts';
import type { RedisConnection } from './connection.ts';
import type { RedisKeys } from './keys.ts';
import { LinkChannels } from './link-channels.ts';
import { MAX_PREVIEW_BYTES, previewMessage, readEntry, readPreview, readProgress } from './link-messages.ts';
import { PodViews } from './pod-views.ts';
import { RecentIds } from './recent-ids.ts';

const PROGRESS_MS = 100;
const PREVIEW_MS = 250;
/** How long the number of those who listen is believed. */
const COUNT_MS = 1000;
/** Messages on their way to Redis; a slow Redis gets no more. */
const MAX_SENDING = 64;
const MAX_REMEMBERED = 10_000;

export interface RedisInstanceLinkOptions {
  redis: RedisConnection;
  keys: RedisKeys;
  /** Of this process: what it told itself is not told to it. */
  instanceId: string;
  /** Told once for each job of which a change cannot be read. */
  onUnreadable?: (found: { id: string; reason: string }) => void;
}

/** Nothing is asked of Redis before `start`. `redis` stays the caller's to close. */
export function openRedisInstanceLink(options: RedisInstanceLinkOptions): InstanceLink {
  return new RedisInstanceLink(options);
}

class RedisInstanceLink implements InstanceLink {
  private readonly ending = new AbortController();
  private readonly tail: ChangeTail;
  private readonly channels: LinkChannels;
  private readonly views: PodViews;
  private readonly progress = new Coalescer<JobProgress>(PROGRESS_MS, (id, value) => void this.sendProgress(id, value));
  private readonly previews = new Coalescer<PromptPreview>(PREVIEW_MS, (id, value) => void this.sendPreview(id, value));
  /** Jobs that are on no pod: progress that arrives for one is late. */
  private readonly resting = new RecentIds(MAX_REMEMBERED);
  private readonly unreadable = new RecentIds(MAX_REMEMBERED);
  /** Jobs whose previews nobody else wanted, and until when, in ms of `performance.now`, that is believed. */
  private readonly unwanted = new Map<string, number>();
  private aloneUntil = 0;
  private sending = 0;
  private listener: LinkListener | undefined;
  private running: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: RedisInstanceLinkOptions) {
    const { redis, keys, instanceId } = options;
    const open = () => redis.duplicate();
    this.views = new PodViews(redis, keys, instanceId);
    this.tail = new ChangeTail({
      open,
      stream: keys.events,
      onEntry: (entry) => this.hearChange(entry),
      onGap: () => this.listener?.missed(),
    });
    this.channels = new LinkChannels({
      open,
      channels: [keys.progressChannel, keys.podsChannel, keys.deskChannel],
      onMessage: (channel, message) => this.hearMessage(channel, message),
      onListening: () => this.catchUp(),
      onTick: () => void this.views.tellRest().catch(() => undefined),
    });
  }

  async start(listener: LinkListener): Promise<void> {
    this.listener = listener;
    const { signal } = this.ending;
    this.running = Promise.all([this.tail.run(signal), this.channels.run(signal)]);
    await Promise.race([Promise.all([this.tail.reading, this.channels.listening]), this.running]);
  }

  publishProgress(jobId: string, progress: JobProgress): void {
    this.progress.offer(jobId, progress);
  }

  publishPreview(jobId: string, preview: PromptPreview): void {
    if (preview.bytes.byteLength <= MAX_PREVIEW_BYTES) this.previews.offer(jobId, preview);
  }

  publishPod(view: PodView, fence: Fence): void {
    // What is not said now is said at the next tick.
    this.views.tell(view, fence).catch(() => undefined);
  }

  pods(): PodView[] {
    return this.views.all();
  }

  wantPreviews(jobId: string, wanted: boolean): void {
    this.channels.listen(this.options.keys.previewChannel(jobId), wanted);
  }

  async close(): Promise<void> {
    this.ending.abort();
    this.progress.stop();
    this.previews.stop();
    await this.running;
  }

  private async catchUp(): Promise<void> {
    for (const view of await this.views.load()) this.listener?.podChanged(view);
    this.listener?.dispatchChanged();
  }

  private hearChange(entry: StreamEntry): void {
    const read = readEntry(entry);
    if (read?.kind === 'unreadable') {
      if (this.unreadable.add(read.id)) this.options.onUnreadable?.({ id: read.id, reason: read.reason });
    } else if (read) {
      if (isOnPod(read.job.state)) this.resting.delete(read.job.id);
      else this.resting.add(read.job.id);
      this.listener?.jobChanged(read.job, read.progress);
    }
  }

  private hearMessage(channel: string, message: Buffer): void {
    const { keys, instanceId } = this.options;
    if (channel === keys.deskChannel) this.listener?.dispatchChanged();
    else if (channel === keys.podsChannel) {
      const view = this.views.hear(message.toString());
      if (view) this.listener?.podChanged(view);
    } else if (channel === keys.progressChannel) {
      const told = readProgress(message);
      if (told && told.from !== instanceId && !this.resting.has(told.jobId))
        this.listener?.jobProgress(told.jobId, told.progress);
    } else {
      const told = readPreview(message);
      if (told && told.from !== instanceId && channel === keys.previewChannel(told.jobId))
        this.listener?.jobPreview(told.jobId, told.preview);
    }
  }

  private async sendProgress(jobId: string, progress: JobProgress): Promise<void> {
    if (performance.now() < this.aloneUntil) return;
    const { keys, instanceId } = this.options;
    const heardBy = await this.publish(keys.progressChannel, JSON.stringify({ from: instanceId, jobId, progress }));
    // This instance listens too.
    if (heardBy !== undefined && heardBy <= 1) this.aloneUntil = performance.now() + COUNT_MS;
  }

  private async sendPreview(jobId: string, preview: PromptPreview): Promise<void> {
    if (await this.isWanted(jobId))
      await this.publish(
        this.options.keys.previewChannel(jobId),
        previewMessage(this.options.instanceId, jobId, preview),
      );
  }

  private async isWanted(jobId: string): Promise<boolean> {
    const now = performance.now();
    for (const [id, until] of this.unwanted) if (until <= now) this.unwanted.delete(id);
    if (this.unwanted.has(jobId)) return false;
    const channel = this.options.keys.previewChannel(jobId);
    const own = this.channels.isListening(channel) ? 1 : 0;
    const count = await this.ask('PUBSUB', 'NUMSUB', channel);
    const wanted = Array.isArray(count) && Number(count[1]) > own;
    if (!wanted) this.unwanted.set(jobId, now + COUNT_MS);
    return wanted;
  }

  /** How many have heard it; undefined where that is not known. */
  private async publish(channel: string, message: string | Buffer): Promise<number | undefined> {
    const heardBy = await this.ask('PUBLISH', channel, message);
    return typeof heardBy === 'number' ? heardBy : undefined;
  }

  /** Undefined where Redis is away or slow: what is sent here may be lost. */
  private async ask(command: string, ...args: (string | Buffer)[]): Promise<unknown> {
    if (!this.options.redis.ready || this.sending >= MAX_SENDING) return undefined;
    this.sending += 1;
    try {
      return await this.options.redis.call(command, ...args);
    } catch {
      return undefined;
    } finally {
      this.sending -= 1;
    }
  }
}

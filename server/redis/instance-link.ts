import { isOnPod } from '../../lib/jobs/job.ts';
import type { JobProgress } from '../../lib/jobs/progress.ts';
import type { PodView } from '../../lib/protocol/pods.ts';
import type { InstanceLink, LinkListener } from '../jobs/leases/instance-link.ts';
import type { Fence } from '../jobs/leases/lease.ts';
import type { PromptPreview } from '../jobs/pod-events.ts';
import { RecentMap } from '../jobs/recent-map.ts';
import { ChangeTail, type StreamEntry } from './change-tail.ts';
import type { RedisConnection } from './connection.ts';
import type { RedisKeys } from './keys.ts';
import { LinkChannels } from './link-channels.ts';
import { readEntry, readPreview, readProgress } from './link-messages.ts';
import { LinkSender } from './link-sender.ts';
import { PodViews } from './pod-views.ts';

const REMEMBERED = 10_000;

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
  private readonly sender: LinkSender;
  /** Jobs that are on no pod: progress that arrives for one is late. */
  private readonly resting = new RecentMap<string, true>(REMEMBERED);
  private readonly unreadable = new RecentMap<string, true>(REMEMBERED);
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
    this.sender = new LinkSender({
      redis,
      keys,
      instanceId,
      isListening: (channel) => this.channels.isListening(channel),
    });
  }

  async start(listener: LinkListener): Promise<void> {
    this.listener = listener;
    const { signal } = this.ending;
    this.running = Promise.all([this.tail.run(signal), this.channels.run(signal)]);
    await Promise.race([Promise.all([this.tail.reading, this.channels.listening]), this.running]);
  }

  publishProgress(jobId: string, progress: JobProgress): void {
    this.sender.progress(jobId, progress);
  }

  publishPreview(jobId: string, preview: PromptPreview): void {
    this.sender.preview(jobId, preview);
  }

  publishPod(view: PodView, fence: Fence): void {
    this.views.tell(view, fence);
  }

  pods(): PodView[] {
    return this.views.all();
  }

  wantPreviews(jobId: string, wanted: boolean): void {
    const { keys } = this.options;
    for (const channel of [keys.watchChannel(jobId), keys.previewChannel(jobId)]) this.channels.listen(channel, wanted);
  }

  async close(): Promise<void> {
    this.ending.abort();
    this.sender.stop();
    this.views.stop();
    await this.running;
  }

  private async catchUp(): Promise<void> {
    for (const view of await this.views.load()) this.listener?.podChanged(view);
    this.listener?.dispatchChanged();
  }

  private hearChange(entry: StreamEntry): void {
    const { listener } = this;
    const read = listener && readEntry(entry, listener);
    if (!read) return;
    if (read.kind === 'batch') return listener.batchMade(read.id);
    if (read.kind === 'unreadable') {
      const reported = this.unreadable.get(read.id);
      this.unreadable.set(read.id, true);
      if (!reported) this.options.onUnreadable?.({ id: read.id, reason: read.reason });
      return;
    }
    const { id, state } = read.kind === 'changed' ? read.job : read.mark;
    if (isOnPod(state)) this.resting.delete(id);
    else this.resting.set(id, true);
    if (read.kind === 'changed') listener.jobChanged(read.job, read.progress);
    else listener.jobPassed(read.mark);
  }

  private hearMessage(channel: string, message: Buffer): void {
    const { keys, instanceId } = this.options;
    if (channel === keys.deskChannel) this.listener?.dispatchChanged();
    else if (channel === keys.podsChannel) {
      const view = this.views.hear(message.toString());
      if (view) this.listener?.podChanged(view);
    } else if (channel.startsWith(keys.previewChannel(''))) {
      const told = readPreview(message);
      if (told && told.from !== instanceId && channel === keys.previewChannel(told.jobId))
        this.listener?.jobPreview(told.jobId, told.preview);
    } else {
      const told = readProgress(message);
      if (told && told.from !== instanceId && !this.resting.get(told.jobId))
        this.listener?.jobProgress(told.jobId, told.progress);
    }
  }
}

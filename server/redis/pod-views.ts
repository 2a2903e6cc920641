import { z } from 'zod';
import { podViewSchema, type PodView } from '../../lib/protocol/pods.ts';
import { Coalescer } from '../jobs/runs/coalescer.ts';
import type { Fence } from '../jobs/leases/lease.ts';
import type { RedisKeys } from './keys.ts';
import type { RedisCalls } from './redis-caller.ts';
import { linkPod } from './scripts/link-pod.ts';

/** A view and the token of the lease under which it was told. */
interface KeptView {
  token: number;
  view: PodView;
}

const hashSchema = z.array(z.string());
const keptSchema = z.object({ token: z.number().int(), view: podViewSchema });

/** Milliseconds between two views of one pod: each prompt that comes or goes changes its view. */
const TELL_MS = 250;

/** What all instances know of the pods: kept by Redis, and here as it was last heard. */
export class PodViews {
  private readonly telling = new Coalescer<KeptView>(TELL_MS, (_id, kept) => {
    // What is not said now is said by `tellRest`.
    this.say(kept).catch(() => undefined);
  });
  private readonly heard = new Map<string, KeptView>();
  /** Told here and not yet known to be in Redis. */
  private readonly unsaid = new Map<string, KeptView>();

  constructor(
    private readonly redis: RedisCalls,
    private readonly keys: Pick<RedisKeys, 'pods' | 'podsChannel'>,
    private readonly instanceId: string,
  ) {}

  all(): PodView[] {
    return [...this.heard.values()].map(({ view }) => view);
  }

  /** Tells a view, unless a newer one follows closely; where Redis is away, the newest is kept for `tellRest`. */
  tell(view: PodView, { token }: Fence): void {
    const kept = { token, view };
    if (!this.take(kept)) return;
    this.unsaid.set(view.id, kept);
    this.telling.offer(view.id, kept);
  }

  stop(): void {
    this.telling.stop();
  }

  async tellRest(): Promise<void> {
    for (const kept of [...this.unsaid.values()]) await this.say(kept);
  }

  /** A message of the pods' channel; the view it brings, undefined where it is no news. */
  hear(message: string): PodView | undefined {
    const [from, text] = split(message);
    if (from === this.instanceId) return undefined;
    const kept = read(text);
    return kept && this.take(kept) ? kept.view : undefined;
  }

  /** Reads what Redis keeps; the views that are news. Rejects with `StoreUnavailableError`. */
  async load(): Promise<PodView[]> {
    const hash = hashSchema.parse(await this.redis.call('HGETALL', this.keys.pods));
    const kept = hash.flatMap((text, index) => (index % 2 === 1 ? (read(text) ?? []) : []));
    const ids = new Set(kept.map(({ view }) => view.id));
    for (const id of this.heard.keys()) if (!ids.has(id) && !this.unsaid.has(id)) this.heard.delete(id);
    return kept
      .filter(({ view }) => !this.unsaid.has(view.id))
      .filter((one) => JSON.stringify(this.heard.get(one.view.id)) !== JSON.stringify(one) && this.take(one))
      .map(({ view }) => view);
  }

  private take(kept: KeptView): boolean {
    const held = this.heard.get(kept.view.id);
    if (held && held.token > kept.token) return false;
    this.heard.set(kept.view.id, kept);
    return true;
  }

  private async say(kept: KeptView): Promise<void> {
    const { view, token } = kept;
    const text = JSON.stringify({ token, view });
    await this.redis.run(linkPod, [this.keys.pods], [view.id, token, text, this.keys.podsChannel, this.instanceId]);
    if (this.unsaid.get(view.id) === kept) this.unsaid.delete(view.id);
  }
}

function read(text: string): KeptView | undefined {
  try {
    return keptSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function split(message: string): [string, string] {
  const space = message.indexOf(' ');
  return [message.slice(0, space), message.slice(space + 1)];
}

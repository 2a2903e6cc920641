import { readCatalog, type NodeCatalog } from '../../../lib/workflow/catalog/node-catalog.ts';
import type { PodView } from '../../../lib/protocol/pods.ts';
import { limiter } from '../limiter.ts';
import type { NodeInfo, PodClient } from '../pod-client.ts';

/** What a pod answered to `GET /object_info`; one object for all pods that answered the same. */
export interface PodNodes {
  readonly digest: string;
  /** Size of the answer. */
  readonly bytes: number;
  readonly catalog: NodeCatalog;
  /** Each class as the pod describes it. */
  readonly given: Readonly<Record<string, unknown>>;
}

/** How a pod is, as far as it says whether it can be asked. */
type AskedPod = Pick<PodView, 'id' | 'state' | 'breaker'>;

export interface NodeCatalogsDeps {
  /** How the pod is; undefined for one that is not there any more. */
  view: (podId: string) => AskedPod | undefined;
  /** A client that need not be started; undefined for a pod that this instance cannot ask. */
  client: (podId: string) => Pick<PodClient, 'nodeInfo'> | undefined;
  nowMs?: () => number;
  /** Bytes of answers kept at most; by `MAX_KEPT_BYTES` where absent. */
  maxKeptBytes?: number;
}

interface Entry {
  nodes?: PodNodes;
  /** When the newest look ended, milliseconds. */
  lookedAt?: number;
  failed: boolean;
  looking?: Promise<void>;
  /** The pod may have changed since the look that is under way began. */
  again: boolean;
  /** Whether the next answer is told of even where it is the same. */
  isNews: boolean;
  /** When it was last needed, for what is given up first. */
  usedAt: number;
}

/** An answer is used this long before it is asked for anew: model files come and go without any sign. */
export const NODES_FRESH_MS = 60_000;
/** Answers of many megabytes are read and parsed at once for so many pods. */
const LOOKS_AT_ONCE = 3;
/** Parsed, an answer takes about three times its size. */
const MAX_KEPT_BYTES = 96_000_000;

/** Whether the pod answers at the moment: one that is away or refuses us is not asked. */
function mayBeAsked(view: AskedPod | undefined): boolean {
  if (!view || view.breaker !== 'closed') return false;
  return !['connecting', 'booting', 'gone', 'unauthorized'].includes(view.state);
}

/**
 * What node classes the pods have, by one `/object_info` a pod. Asked for when a pod comes up, its link comes back or it
 * restarts, and when what is known is needed and a minute old. One that cannot be asked counts as unknown.
 */
export class NodeCatalogs {
  private readonly pods = new Map<string, Entry>();
  private readonly seen = new Map<string, { asked: boolean; link: PodView['link'] }>();
  private readonly listeners = new Set<() => void>();
  private readonly inTurn = limiter(LOOKS_AT_ONCE);

  constructor(private readonly deps: NodeCatalogsDeps) {}

  /** Called when a pod has something else now than was known, and when one that was away has told what it has. */
  onNews(listener: () => void): void {
    this.listeners.add(listener);
  }

  /**
   * What the pod has, as far as it is known at this moment; undefined where it cannot be asked. Where that is old, it is
   * asked meanwhile.
   */
  now(pod: AskedPod): PodNodes | undefined {
    if (!mayBeAsked(pod)) return undefined;
    const entry = this.entry(pod.id);
    if (this.ageMs(entry) >= NODES_FRESH_MS) void this.look(pod.id, entry);
    return entry.nodes;
  }

  /** The same where the pod is away: as it was last known. */
  lastKnown(pod: AskedPod): PodNodes | undefined {
    return this.now(pod) ?? this.pods.get(pod.id)?.nodes;
  }

  /**
   * Resolves once what is known of these pods is at most `maxAgeMs` old, or after `withinMs`. A pod that could not tell
   * when it was last asked is not waited for. Never rejects.
   */
  async fresh(pods: readonly AskedPod[], limits: { maxAgeMs: number; withinMs: number }): Promise<void> {
    const looks = pods.filter(mayBeAsked).flatMap(({ id }) => {
      const entry = this.entry(id);
      if (this.ageMs(entry) < (entry.failed ? NODES_FRESH_MS : limits.maxAgeMs)) return [];
      const look = this.look(id, entry);
      return entry.failed ? [] : [look];
    });
    if (looks.length === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, limits.withinMs)));
    await Promise.race([Promise.all(looks), late]);
    clearTimeout(timer);
  }

  /** The pod may have changed: it is asked now, or once more where it is being asked. */
  refresh(podId: string): void {
    if (!mayBeAsked(this.deps.view(podId))) return;
    const entry = this.entry(podId);
    entry.isNews = true;
    if (entry.looking) entry.again = true;
    else void this.look(podId, entry);
  }

  /** How a pod is now, told whenever that changes. */
  podChanged(view: AskedPod & Pick<PodView, 'link'>): void {
    const before = this.seen.get(view.id);
    const asked = mayBeAsked(view);
    this.seen.set(view.id, { asked, link: view.link });
    const isBack = view.link === 'socket' && (before?.link === 'polling' || before?.link === 'down');
    if (asked && (!before?.asked || isBack)) this.refresh(view.id);
  }

  private entry(podId: string): Entry {
    const known = this.pods.get(podId) ?? { failed: false, again: false, isNews: false, usedAt: 0 };
    this.pods.set(podId, known);
    known.usedAt = this.nowMs();
    return known;
  }

  private ageMs({ lookedAt }: Entry): number {
    return this.nowMs() - (lookedAt ?? Number.NEGATIVE_INFINITY);
  }

  /** One look at a time at each pod. */
  private look(podId: string, entry: Entry): Promise<void> {
    return (entry.looking ??= this.ask(podId, entry).finally(() => {
      delete entry.looking;
      const again = entry.again && mayBeAsked(this.deps.view(podId));
      entry.again = false;
      if (again) void this.look(podId, entry);
    }));
  }

  private async ask(podId: string, entry: Entry): Promise<void> {
    const before = entry.nodes?.digest;
    try {
      const client = this.deps.client(podId);
      const nodes = client && (await this.inTurn(async () => this.nodesOf(await client.nodeInfo())));
      if (nodes) entry.nodes = nodes;
      else delete entry.nodes;
      entry.failed = nodes === undefined;
    } catch {
      delete entry.nodes;
      entry.failed = true;
    }
    entry.lookedAt = this.nowMs();
    this.giveUpOldest();
    if (!entry.nodes || (entry.nodes.digest === before && !entry.isNews)) return;
    entry.isNews = false;
    for (const listener of this.listeners) listener();
  }

  private nodesOf(info: NodeInfo): PodNodes {
    const { digest, bytes } = info;
    const shared = this.kept().find((nodes) => nodes.digest === digest);
    if (shared) return shared;
    const given = info.parse();
    return { digest, bytes, catalog: readCatalog(given), given };
  }

  private kept(): PodNodes[] {
    return [...new Set([...this.pods.values()].flatMap(({ nodes }) => nodes ?? []))];
  }

  private giveUpOldest(): void {
    const max = this.deps.maxKeptBytes ?? MAX_KEPT_BYTES;
    const byUse = [...this.pods.values()].filter(({ nodes }) => nodes).toSorted((a, b) => a.usedAt - b.usedAt);
    for (const entry of byUse) {
      if (this.kept().reduce((sum, { bytes }) => sum + bytes, 0) <= max) return;
      delete entry.nodes;
      delete entry.lookedAt;
    }
  }

  private nowMs(): number {
    return this.deps.nowMs?.() ?? performance.now();
  }
}

import type { MissingThing } from '../../../lib/jobs/job-error.ts';
import type { PodView } from '../../../lib/protocol/pods.ts';
import type { PodClient } from '../pod-client.ts';

/** A pod's answer is used this long; one that could not be had, shorter. */
const KEPT_MS = 10_000;
const KEPT_WITHOUT_ANSWER_MS = 5000;
/** Longest wait for one pod. */
const ANSWER_WITHIN_MS = 5000;
const MAX_KEPT = 500;

type Answer = readonly MissingThing[] | undefined;

export interface PodCatalogsDeps {
  /** How the pod is; undefined for one that is not there any more. */
  view: (podId: string) => Pick<PodView, 'state' | 'breaker'> | undefined;
  /** A client that need not be started; undefined for a pod that this instance cannot ask. */
  client: (podId: string) => Pick<PodClient, 'lacks'> | undefined;
  nowMs?: () => number;
  answerWithinMs?: number;
}

/** A pod that is down or refuses us is not asked more often than its own probes do. */
function mayBeAsked(view: Pick<PodView, 'state' | 'breaker'> | undefined): boolean {
  return view !== undefined && view.state !== 'unauthorized' && view.state !== 'gone' && view.breaker === 'closed';
}

/** What pods have, asked of them directly whoever drives them. */
export class PodCatalogs {
  private readonly kept = new Map<string, { answer: Promise<Answer>; untilMs: number }>();

  constructor(private readonly deps: PodCatalogsDeps) {}

  /** Which of these the pod lacks; undefined where it cannot be asked or is silent for five seconds. Never rejects. */
  async lacks(podId: string, things: readonly MissingThing[]): Promise<MissingThing[] | undefined> {
    if (!mayBeAsked(this.deps.view(podId))) return undefined;
    const key = JSON.stringify([podId, things]);
    const now = this.now();
    const known = this.kept.get(key);
    const answer = known && known.untilMs > now ? known.answer : this.keep(key, this.ask(podId, things), now);
    return (await answer)?.slice();
  }

  private keep(key: string, answer: Promise<Answer>, now: number): Promise<Answer> {
    this.kept.delete(key);
    const entry = { answer, untilMs: now + KEPT_MS };
    this.kept.set(key, entry);
    const [oldest] = this.kept.keys();
    if (this.kept.size > MAX_KEPT && oldest !== undefined) this.kept.delete(oldest);
    void answer.then((given) => {
      if (given === undefined) entry.untilMs = this.now() + KEPT_WITHOUT_ANSWER_MS;
    });
    return answer;
  }

  private async ask(podId: string, things: readonly MissingThing[]): Promise<Answer> {
    const client = this.deps.client(podId);
    if (!client) return undefined;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), this.deps.answerWithinMs ?? ANSWER_WITHIN_MS);
    });
    try {
      return await Promise.race([client.lacks(things).catch(() => undefined), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  private now(): number {
    return this.deps.nowMs?.() ?? performance.now();
  }
}

import { MAX_UNFIT_PODS, pinnedPod, type Job, type UnfitPod } from '../../../lib/jobs/job.ts';
import { allowedIn } from '../../../lib/jobs/transition.ts';
import type { PodView } from '../../../lib/protocol/pods.ts';
import type { PodVerdict } from '../../../lib/protocol/workflows.ts';
import type { JobStore } from '../job-store.ts';
import type { JobEventInput, JobWriter } from '../job-writer.ts';
import type { Log } from '../log.ts';
import type { PodJudge } from './pod-judge.ts';
import { reasonSentence, waitSentence } from './verdict-words.ts';

export interface WaitingJobsDeps {
  store: Pick<JobStore, 'list' | 'workflow'>;
  writer: Pick<JobWriter, 'apply'>;
  judge: Pick<PodJudge, 'knownVerdicts'>;
  pods: () => Pick<PodView, 'id' | 'name'>[];
  /** Ids of the pods this instance drives: it writes about these alone. */
  driven: () => ReadonlySet<string>;
  /** Some pod may take more than before. */
  onRoom: () => void;
  log: Log;
}

/** How often waiting jobs are judged anew although no pod is known to have changed. */
const LOOK_EVERY_MS = 60_000;
const PAGE = 100;

/** Judges jobs that wait, and that some pod could not run, anew as pods change: one that can now may take them. */
export class WaitingJobs {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private again = false;
  private stopped = false;

  constructor(private readonly deps: WaitingJobsDeps) {}

  start(): void {
    this.timer = setInterval(() => this.lookSoon(), LOOK_EVERY_MS);
    this.lookSoon();
  }

  /** Resolves when nothing is written any more. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.looking;
  }

  /** A pod has changed: one look now, or one more after the one under way. */
  lookSoon(): void {
    if (this.stopped) return;
    if (this.looking) {
      this.again = true;
      return;
    }
    this.looking = this.look()
      .catch((error: unknown) => {
        this.deps.log.debug({ reason: String(error) }, 'waiting jobs are judged anew a little later');
      })
      .finally(() => {
        this.looking = undefined;
        if (!this.again) return;
        this.again = false;
        this.lookSoon();
      });
  }

  private async look(): Promise<void> {
    const driven = this.deps.driven();
    if (driven.size === 0) return;
    let freed = false;
    for (let cursor: string | undefined, more = true; more && !this.stopped; more = cursor !== undefined) {
      const query = { states: allowedIn.judge, limit: PAGE, ...(cursor !== undefined && { cursor }) };
      const page = await this.deps.store.list(query);
      for (const { job } of page.jobs) if (await this.judge(job, driven)) freed = true;
      cursor = page.nextCursor;
    }
    if (freed) this.deps.onRoom();
  }

  /** @returns whether a pod may take it that could not before */
  private async judge(job: Job, driven: ReadonlySet<string>): Promise<boolean> {
    if ((job.unfitPods ?? []).length === 0 || this.stopped) return false;
    const workflow = await this.deps.store.workflow(job.id);
    if (!workflow) return false;
    const verdicts = await this.deps.judge.knownVerdicts(workflow.prompt, driven);
    let freed = false;
    await this.deps.writer.apply(job.id, (now) => {
      const event = judgement(now, verdicts, this.deps.pods());
      const still = event?.type === 'judge' ? event.unfitPods : [];
      freed = event !== undefined && (now.unfitPods ?? []).some(({ podId }) => !has(still, podId));
      return event;
    });
    return freed;
  }
}

/** What has changed about the pods that cannot run the job; undefined where nothing has. */
export function judgement(
  job: Job,
  verdicts: readonly Pick<PodVerdict, 'podId' | 'verdict' | 'problems'>[],
  pods: readonly Pick<PodView, 'id' | 'name'>[],
): JobEventInput | undefined {
  if (!allowedIn.judge.includes(job.state) || !job.unfitPods) return undefined;
  const judged = new Map(verdicts.filter(({ verdict }) => verdict !== 'unknown').map((one) => [one.podId, one]));
  const pinned = pinnedPod(job);
  const candidates = pods.filter(({ id }) => pinned === undefined || id === pinned);
  const unfitPods = candidates.flatMap(({ id: podId }): UnfitPod[] => {
    const one = judged.get(podId);
    if (!one) return job.unfitPods?.filter((before) => before.podId === podId) ?? [];
    return one.verdict === 'cannot' ? [{ podId, reason: reasonSentence(one.problems) }] : [];
  });
  const waitsFor = waitsForOf(job, unfitPods, candidates);
  if (waitsFor === job.waitsFor && isSame(unfitPods, job.unfitPods)) return undefined;
  return {
    type: 'judge',
    unfitPods: unfitPods.slice(0, MAX_UNFIT_PODS),
    ...(waitsFor !== undefined && { waitsFor }),
  };
}

/** A sentence where no pod that may take it is left. */
function waitsForOf(
  job: Job,
  unfitPods: readonly UnfitPod[],
  candidates: readonly Pick<PodView, 'id' | 'name'>[],
): string | undefined {
  const barred = [...unfitPods, ...job.excludedPods];
  if (unfitPods.length === 0 || candidates.some(({ id }) => !has(barred, id))) return undefined;
  const nameOf = (podId: string) => candidates.find(({ id }) => id === podId)?.name ?? podId;
  return waitSentence(unfitPods.map(({ podId, reason }) => ({ podName: nameOf(podId), reason })));
}

function has(pods: readonly { podId: string }[], podId: string): boolean {
  return pods.some((one) => one.podId === podId);
}

function isSame(a: readonly UnfitPod[], b: readonly UnfitPod[]): boolean {
  const reasons = new Map(b.map(({ podId, reason }) => [podId, reason]));
  return a.length === b.length && a.every(({ podId, reason }) => reasons.get(podId) === reason);
}

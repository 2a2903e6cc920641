import { isOnPod, type JobOnPod } from '../../../lib/jobs/job.ts';
import type { JobRun } from '../runs/job-run.ts';
import { isStale, judgeStale, staleError, staleVerdict } from './job-recovery.ts';
import type { StoredJob, StoredWorkflow } from '../job-store.ts';
import { isLeaseLost } from '../leases/lease.ts';
import type { Limiter } from '../limiter.ts';
import { OrphanAdoption, type Adopted, type OrphanAdoptionDeps } from './orphan-adoption.ts';
import type { EndedOrphans } from './orphans.ts';
import { PodCallError, type KnownWhereabouts, type PodClient, type PodSurvey } from '../pod-client.ts';
import type { RecoveryBook } from './recovery-book.ts';
import type { RecoverySession } from './recovery-session.ts';
import { probePauseMs } from '../pods/probe-pause.ts';
import { untilWritten } from '../runs/until-written.ts';
import { unlessAborted, waitMs } from '../wait.ts';

export interface PodRecoveryDeps extends Omit<OrphanAdoptionDeps, 'client'> {
  client: PodClient;
  random: () => number;
  records: Pick<RecoveryBook, 'begin'>;
  /** Bounds surveys of all pods of this process: their bodies are large. */
  asking: Limiter;
  /** Ends with the driving of the pod. */
  signal: AbortSignal;
  /** Begins a run that is looked after by the pod's driver. */
  launch: (jobId: string, work: (run: JobRun) => Promise<void>) => void;
  /** Whether a run of this job goes on. */
  following: (jobId: string) => boolean;
  /** The store refused a write because another instance drives the pod. */
  onLeaseLost: () => void;
}

/** Longest wait for a pod's answer before others go on; the pod's jobs are taken up when it comes. */
const SURVEY_WAIT_MS = 2000;

/** A pod that has not answered by then keeps no other from being asked. */
const SLOW_MS = 1000;
/** Surveys that may fail while the pod answers otherwise, before it is given work all the same. */
const MAX_FAILURES = 5;

interface FoundJob {
  job: JobOnPod;
  stored: StoredJob;
}

/**
 * Finds what is in flight on one pod and takes it up. It re-attaches and never posts first, so doing it twice changes
 * nothing.
 */
export class PodRecovery {
  /** Whether the pod has to be asked before it may be given anything: it never was, or it was away since. */
  due = true;
  private everAsked = false;
  /** Surveys that failed since the pod was last seen away. */
  private failures = 0;
  /** Surveys under way. */
  private underway = 0;
  private readonly sessions = new Set<RecoverySession>();
  private readonly orphans: OrphanAdoption;

  constructor(private readonly deps: PodRecoveryDeps) {
    this.orphans = new OrphanAdoption(deps);
    deps.signal.addEventListener('abort', () => {
      for (const session of this.sessions) session.leave(deps.client.podId);
    });
  }

  /**
   * Takes up every job that the store has on this pod, and what the pod has that the store does not know. Resolves when
   * that is done, or after some seconds with a pod that does not answer: its jobs wait for it.
   * @throws StoreUnavailableError; the same call again goes on
   */
  async recover(session: RecoverySession, ended: EndedOrphans): Promise<void> {
    const { store, client, log, signal, following } = this.deps;
    const { podId } = client;
    this.join(session);
    const found = (await store.onPod(podId)).flatMap((stored) => onPodOf(stored, podId));
    session.found(found.map(({ job }) => job));
    for (const { job } of found) session.note(job, podId, 'looking');
    if (found.length > 0) log.info({ podId, jobs: found.length }, 'taking up jobs that were on this pod');
    const ids = found.map(({ job }) => job.promptId);
    const asked = this.ask(ids, ended !== 'none');
    for (const one of found)
      if (following(one.job.id)) void asked.then((survey) => this.tell(session, one, survey));
      else this.launch(one, asked, session);
    const settled = asked.then((survey) => this.settle(survey, new Set(ids), session, ended));
    await Promise.race([settled, waitMs(SURVEY_WAIT_MS, signal)]);
  }

  /** The pod could not be asked for a while: what happened there meanwhile is not known. */
  noteOutage(): void {
    this.failures = 0;
    this.due = true;
  }

  /** The pod answers again. Resolves when what it has is known, or it went away once more. @throws StoreUnavailableError */
  async reconnected(): Promise<void> {
    if (this.underway > 0) return;
    const session = this.deps.records.begin('reconnect', [this.deps.client.podId]);
    try {
      await this.recover(session, this.everAsked ? 'none' : 'recent');
    } finally {
      session.close();
    }
  }

  /** One job, by its record: followed again, settled, or ended where it is too old. */
  takeUp(stored: StoredJob): void {
    for (const one of onPodOf(stored, this.deps.client.podId)) this.launch(one, Promise.resolve(undefined));
  }

  private join(session: RecoverySession): void {
    for (const other of this.sessions) if (other.ended) this.sessions.delete(other);
    this.sessions.add(session);
    session.ask(this.deps.client.podId);
  }

  /** Resolves to undefined where the pod does not answer or is no longer driven. Never rejects. */
  private async ask(promptIds: string[], history: boolean): Promise<PodSurvey | undefined> {
    const { client, asking, signal, log } = this.deps;
    this.underway += 1;
    try {
      const { answer } = await asking(async () => {
        const survey = signal.aborted ? Promise.resolve(undefined) : client.survey(promptIds, { history });
        await Promise.race([survey.catch(() => undefined), waitMs(SLOW_MS, signal)]);
        return { answer: survey };
      });
      return await unlessAborted(answer, signal);
    } catch (error) {
      if (signal.aborted) return undefined;
      this.failures += 1;
      // A pod that is well but for this answer is not kept from work for ever.
      const away = error instanceof PodCallError && (error.kind === 'unreachable' || error.kind === 'unauthorized');
      if (!away || this.failures >= MAX_FAILURES) this.due = false;
      log.warn({ podId: client.podId, reason: String(error) }, 'the pod could not be asked what it has');
      return undefined;
    } finally {
      this.underway -= 1;
    }
  }

  /** Never rejects: what the store does not take now is tried until it does or the pod is another's. */
  private async settle(
    survey: PodSurvey | undefined,
    known: ReadonlySet<string>,
    session: RecoverySession,
    ended: EndedOrphans,
  ): Promise<void> {
    const { signal, log, client, onLeaseLost } = this.deps;
    const { podId } = client;
    if (signal.aborted) return session.leave(podId);
    if (!survey) return session.unanswered(podId);
    try {
      const adopted = await untilWritten(() => this.orphans.adopt(survey, known, ended), signal, log);
      if (!adopted) return session.leave(podId);
      for (const one of adopted) this.follow(one, session);
      this.due = false;
      this.failures = 0;
      this.everAsked = true;
      session.answered(podId);
    } catch (error) {
      session.leave(podId);
      if (isLeaseLost(error)) onLeaseLost();
      else log.error({ podId, reason: String(error) }, 'what the pod has could not be compared with the store');
    }
  }

  private follow({ job, workflow, prompt, isNew }: Adopted, session: RecoverySession): void {
    const { where } = prompt;
    const action = isNew ? 'orphan' : where.kind === 'ended' ? 'adopted' : 'reattached';
    const detail = job.timeline.findLast(({ kind }) => kind === 'adopted')?.detail;
    session.note(job, this.deps.client.podId, action, { ...(detail !== undefined && { detail }) });
    if (!isOnPod(job.state) || this.deps.following(job.id)) return;
    const onPod = job as JobOnPod;
    this.deps.launch(job.id, (run) => run.resume(onPod, workflow, undefined, where));
  }

  /** The run begins at once, so that a wish to cancel finds it, and goes on when it is known what the pod has. */
  private launch(one: FoundJob, asked: Promise<PodSurvey | undefined>, session?: RecoverySession): void {
    const { store, reading, staleAfterMs, clock, signal } = this.deps;
    const { job, stored } = one;
    const stale = isStale(stored, staleAfterMs, clock.now().getTime());
    this.deps.launch(job.id, async (run) => {
      const survey = await asked;
      const workflow = signal.aborted ? undefined : await reading(() => store.workflow(job.id));
      if (!workflow || signal.aborted) return;
      const known = survey?.found.get(job.promptId);
      if (stale) return this.endStale(run, one, workflow, known, session);
      this.tell(session, one, survey);
      await run.resume(job, workflow, stored.progress, known);
    });
  }

  /** Writes down what the survey says of a job; one it does not show is still looked for. */
  private tell(session: RecoverySession | undefined, { job, stored }: FoundJob, survey: PodSurvey | undefined): void {
    const known = survey?.found.get(job.promptId);
    if (!known) return;
    const percent = stored.progress?.promptId === job.promptId ? stored.progress.percent : undefined;
    const bar = known.kind === 'ended' || percent === undefined ? {} : { percent };
    session?.note(job, this.deps.client.podId, known.kind === 'ended' ? 'adopted' : 'reattached', bar);
  }

  private async endStale(
    run: JobRun,
    { job, stored }: FoundJob,
    workflow: StoredWorkflow,
    known: KnownWhereabouts | undefined,
    session: RecoverySession | undefined,
  ): Promise<void> {
    const { client, writer, signal, random, staleAfterMs } = this.deps;
    const verdict = known
      ? staleVerdict(known)
      : await judgeStale(client, job, () => waitMs(probePauseMs(1, random), signal));
    if (signal.aborted) return;
    if (verdict.kind === 'adopt') {
      const detail = 'It was too old to be followed again, but the pod still had its result.';
      session?.note(job, client.podId, 'adopted', { detail });
      return run.resume(job, workflow, stored.progress, { kind: 'ended', end: verdict.end });
    }
    if (verdict.onPod) await client.cancel(job.promptId).catch(() => undefined);
    const error = staleError(staleAfterMs);
    await writer.apply(job.id, () => ({ type: 'fail', error, outcome: 'lost' }));
  }
}

function onPodOf(stored: StoredJob, podId: string): FoundJob[] {
  const { job } = stored;
  return isOnPod(job.state) && 'podId' in job && job.podId === podId ? [{ job: job as JobOnPod, stored }] : [];
}

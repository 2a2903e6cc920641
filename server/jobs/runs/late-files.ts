import { isTerminal, type JobIn, type JobOutput, type RemoteFile } from '../../../lib/jobs/job.ts';
import { nodeName } from '../../../lib/workflow/prompt.ts';
import type { JobStore } from '../job-store.ts';
import type { JobEventInput, JobWriter } from '../job-writer.ts';
import type { Log } from '../log.ts';
import { copyOutput, isFailure, type CopyDeps, type CopyPace } from './output-copying.ts';
import { MAX_JOBS_WITH_FILES } from '../pod-client.ts';
import type { PodConditions } from '../pods/pod-conditions.ts';
import type { PodOutput } from '../pod-events.ts';
import { untilWritten } from './until-written.ts';
import { waitMs } from '../wait.ts';

export interface LateFilesDeps extends Omit<CopyDeps, 'signal'> {
  podId: string;
  store: Pick<JobStore, 'get' | 'workflow' | 'list'>;
  writer: Pick<JobWriter, 'apply'>;
  conditions: Pick<PodConditions, 'now' | 'patch'>;
  log: Log;
  pace: Pick<CopyPace, 'lateMs'>;
}

/** The pause doubles so many times and no more: from half a minute to 8 minutes. */
const MAX_DOUBLINGS = 4;
/** How long after a store's loss it is doubted whether every job is named: others write theirs again within half of it. */
const DOUBT_MS = 60_000;
/** Of a pod's newest successes, how many are looked through then, and how many are read at once. */
const MAX_LOOKED_THROUGH = 1000;
const PAGE = 100;
/** Longest time a timer knows. */
const MAX_WAIT_MS = 2 ** 31 - 1;

type Round = 'idle' | 'copied' | 'stuck';

/** Copies files that stayed on one pod because Podium's disk took nothing, over restarts and takeovers. */
export class LateFiles {
  /** There while nothing waits; ends that. */
  private idle: AbortController | undefined;
  private running: Promise<void> = Promise.resolve();
  /** When the store was last known to have lost writes, in milliseconds of `performance.now()`, until that is made good. */
  private doubtedAt: number | undefined;

  constructor(private readonly deps: LateFilesDeps) {}

  /** Whether one more job may leave its files on the pod. */
  hasRoom(jobId: string): boolean {
    const waiting = this.waiting();
    return waiting.length < MAX_JOBS_WITH_FILES || waiting.includes(jobId);
  }

  /**
   * Writes down that a job will have files on the pod, which has to be durable before the job says so itself: whoever
   * drives the pod next finds it by this alone. @throws LeaseLostError
   */
  async expect(jobId: string, signal: AbortSignal): Promise<void> {
    const add = () =>
      this.deps.conditions.patch((now) => {
        const named = now.jobsWithFiles ?? [];
        return named.includes(jobId) ? now : { ...now, jobsWithFiles: [...named, jobId] };
      });
    await untilWritten(add, signal, this.deps.log);
    this.idle?.abort();
  }

  /** The store has lost what was written last: jobs that another instance writes again may not be named by the pod. */
  doubt(): void {
    this.doubtedAt = performance.now();
    this.idle?.abort();
  }

  start(signal: AbortSignal): void {
    this.running = this.run(signal);
  }

  /** Resolves when nothing is copied any more; the signal must have been given. */
  async stop(): Promise<void> {
    this.idle?.abort();
    await this.running;
  }

  private waiting(): readonly string[] {
    return this.deps.conditions.now.jobsWithFiles ?? [];
  }

  private async run(signal: AbortSignal): Promise<void> {
    const { log, pace } = this.deps;
    for (let stuck = 0; !signal.aborted;) {
      const round = await this.round(signal).catch((error: unknown): Round => {
        log.warn({ reason: String(error) }, 'files that are still on a pod are copied later');
        return 'stuck';
      });
      stuck = round === 'stuck' ? stuck + 1 : 0;
      if (this.waiting().length === 0 && this.doubtedAt === undefined) await this.untilExpected(signal);
      await waitMs(pace.lateMs * 2 ** Math.min(stuck, MAX_DOUBLINGS), signal);
    }
  }

  private async untilExpected(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    // Waited on alone: a signal made of two would stay bound to the long-lived one.
    this.idle = new AbortController();
    await waitMs(MAX_WAIT_MS, this.idle.signal);
    this.idle = undefined;
  }

  /** Every job once, oldest first, until the disk or the pod refuses. */
  private async round(signal: AbortSignal): Promise<Round> {
    if (this.doubtedAt !== undefined) await this.lookThrough(this.doubtedAt, signal);
    let round: Round = 'idle';
    for (const jobId of this.waiting()) {
      if (signal.aborted) return round;
      const job = (await this.deps.store.get(jobId))?.job;
      if (job && !isTerminal(job.state)) continue;
      if (job?.state !== 'succeeded' || !job.onPod) await this.forget(jobId);
      else if (await this.copy(job, job.onPod, signal)) round = 'copied';
      else return round === 'copied' ? round : 'stuck';
    }
    return round;
  }

  /** Names the jobs of the pod's newest successes that have files here and are not named. */
  private async lookThrough(doubtedAt: number, signal: AbortSignal): Promise<void> {
    const isLast = performance.now() - doubtedAt >= DOUBT_MS;
    const found: string[] = [];
    let cursor: string | undefined;
    for (let jobs = 0; jobs < MAX_LOOKED_THROUGH && !signal.aborted; jobs += PAGE) {
      const query = { podId: this.deps.podId, states: ['succeeded'] as const, limit: PAGE };
      const page = await this.deps.store.list({ ...query, ...(cursor !== undefined && { cursor }) });
      for (const { job } of page.jobs) if (job.state === 'succeeded' && job.onPod) found.unshift(job.id);
      cursor = page.nextCursor;
      if (cursor === undefined) break;
    }
    await this.deps.conditions.patch((now) => {
      const named = now.jobsWithFiles ?? [];
      const all = [...new Set([...named, ...found])].slice(0, MAX_JOBS_WITH_FILES);
      return all.length > named.length ? { ...now, jobsWithFiles: all } : now;
    });
    if (isLast && this.doubtedAt === doubtedAt) this.doubtedAt = undefined;
  }

  /** @returns false where it has to be tried again later */
  private async copy(job: JobIn<'succeeded'>, files: readonly RemoteFile[], signal: AbortSignal): Promise<boolean> {
    const prompt = (await this.deps.store.workflow(job.id))?.prompt;
    const outputs: JobOutput[] = [];
    const warnings: string[] = [];
    const left: RemoteFile[] = [];
    for (const file of files) {
      if (left.length > 0) {
        left.push(file);
        continue;
      }
      const place = { jobId: job.id, attempt: job.attempts.length, index: file.index };
      const name = prompt ? nodeName(prompt, file.nodeId) : file.nodeId;
      const got = await copyOutput({ ...this.deps, signal }, place, podOutput(file), name);
      // What was copied is found again without asking the pod.
      if (signal.aborted) return false;
      if (!isFailure(got)) outputs.push(got);
      else if (got.kind === 'disk' || got.kind === 'pod') left.push(file);
      else warnings.push(got.error.message);
    }
    if (left.length < files.length) await this.write(job, { outputs, warnings, onPod: left });
    if (left.length === 0) await this.forget(job.id);
    return left.length === 0;
  }

  private async write(
    job: JobIn<'succeeded'>,
    news: { outputs: JobOutput[]; warnings: string[]; onPod: RemoteFile[] },
  ): Promise<void> {
    const detail = sentenceOf(news.outputs.length, news.warnings.length, news.onPod.length);
    await this.deps.writer.apply(job.id, (now): JobEventInput | undefined =>
      now.state === 'succeeded' && now.onPod ? { type: 'files_copied', ...news, detail } : undefined,
    );
  }

  private async forget(jobId: string): Promise<void> {
    await this.deps.conditions.patch((now) => ({
      ...now,
      jobsWithFiles: (now.jobsWithFiles ?? []).filter((one) => one !== jobId),
    }));
  }
}

function podOutput(file: RemoteFile): PodOutput {
  const { nodeId, filename, subfolder, type, text } = file;
  return text === undefined ? { nodeId, kind: 'file', filename, subfolder, type } : { nodeId, kind: 'text', text };
}

function sentenceOf(copied: number, lost: number, left: number): string {
  const files = (count: number) => (count === 1 ? '1 file' : `${count} files`);
  const parts = [
    ...(copied > 0 ? [`${files(copied)} copied from the pod`] : []),
    ...(lost > 0 ? [`${files(lost)} could not be had from it any more`] : []),
    ...(left > 0 ? [`${files(left)} still there`] : []),
  ];
  return `${parts.join(', ')}.`;
}

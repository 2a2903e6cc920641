import type { Job } from '../../../lib/jobs/job.ts';
import { newJob, transition } from '../../../lib/jobs/transition.ts';
import type { JobEvents } from '../job-events.ts';
import type { JobStore, StoredWorkflow } from '../job-store.ts';
import type { Clock, JobWriter } from '../job-writer.ts';
import { isLeaseLost, type HeldLease } from '../leases/lease.ts';
import type { Limiter } from '../limiter.ts';
import type { Log } from '../log.ts';
import { candidates, judgeOrphan, type EndedOrphans } from './orphans.ts';
import type { PodClient, PodSurvey, SurveyedPrompt } from '../pod-client.ts';

export interface OrphanAdoptionDeps {
  client: Pick<PodClient, 'podId' | 'cancel'>;
  /** Prompts that carry another desk's id are none of ours. */
  deskId: string;
  store: JobStore;
  /** Fenced for the pod. */
  writer: JobWriter;
  lease: HeldLease;
  events: JobEvents;
  staleAfterMs: number;
  clock: Clock;
  log: Log;
  /** Bounds reads of the store. */
  reading: Limiter;
}

/** A prompt that was found on the pod and belongs to a job now. `isNew`: the store did not know the job at all. */
export interface Adopted {
  job: Job;
  workflow: StoredWorkflow;
  prompt: SurveyedPrompt;
  isNew: boolean;
}

const UNKNOWN_JOB = 'Found on the pod; the store did not know it.';
const UNKNOWN_ATTEMPT = 'The pod has this attempt; the store did not know it. Nothing was sent again.';

/** Makes good what a store has lost: prompts of this desk on a pod become jobs, or attempts of jobs, again. */
export class OrphanAdoption {
  constructor(private readonly deps: OrphanAdoptionDeps) {}

  /** @throws StoreUnavailableError, LeaseLostError; what is taken in by then stays so, and a further call goes on */
  async adopt(survey: PodSurvey, known: ReadonlySet<string>, ended: EndedOrphans): Promise<Adopted[]> {
    const { deskId, staleAfterMs: recentMs, clock, reading } = this.deps;
    const found = candidates(survey.podium, { deskId, known, ended, recentMs, now: clock.now().getTime() });
    const adopted = await Promise.all(found.map((prompt) => reading(() => this.one(prompt))));
    return adopted.filter((one) => one !== undefined);
  }

  private async one(prompt: SurveyedPrompt): Promise<Adopted | undefined> {
    const { store, client, log } = this.deps;
    const job = (await store.get(prompt.jobId))?.job;
    const verdict = judgeOrphan(prompt, job);
    const about = { podId: client.podId, jobId: prompt.jobId, promptId: prompt.promptId };
    switch (verdict.kind) {
      case 'leave':
        return undefined;
      case 'cancel':
        log.warn(about, 'the pod still works for an attempt that has ended; it is told to stop');
        await client.cancel(prompt.promptId).catch(() => undefined);
        return undefined;
      case 'take_in':
        return this.takeIn(prompt, about);
      case 'catch_up':
        return this.catchUp(prompt, verdict.retried, about);
    }
  }

  private async takeIn(prompt: SurveyedPrompt, about: Record<string, unknown>): Promise<Adopted | undefined> {
    const { store, lease, clock, client, log, events } = this.deps;
    const workflow = prompt.work();
    if (!workflow) {
      log.warn(about, 'a prompt of this desk has no record and cannot be read; it is left alone');
      return undefined;
    }
    const at = clock.now().toISOString();
    const name = prompt.name?.trim() || `Found on ${client.podId}`;
    const fresh = newJob({ id: prompt.jobId, name, at, metadata: { adopted: true } });
    const event = { type: 'adopt' as const, podId: client.podId, promptId: prompt.promptId, detail: UNKNOWN_JOB };
    const job = transition(fresh, { ...event, at });
    try {
      const { kind } = await store.create(job, workflow, undefined, lease.fence);
      if (kind === 'created') events.jobChanged(job);
      else {
        // A store that holds claims back takes the job as queued, and this attempt as what it is: no claim.
        await store.create(fresh, workflow);
        events.jobChanged(fresh);
        return await this.catchUp(prompt, false, about, UNKNOWN_JOB);
      }
    } catch (error) {
      if (isLeaseLost(error) || isAway(error)) throw error;
      // Another instance that saw the prompt under another pod's name was first.
      log.warn({ ...about, reason: String(error) }, 'a prompt without a record could not be taken in');
      return undefined;
    }
    log.warn(about, 'a prompt of this desk was found that the store did not know; it is a job again');
    return { job, workflow, prompt, isNew: true };
  }

  private async catchUp(
    prompt: SurveyedPrompt,
    retried: boolean,
    about: Record<string, unknown>,
    detail = UNKNOWN_ATTEMPT,
  ): Promise<Adopted | undefined> {
    const { store, writer, client, log } = this.deps;
    const { promptId } = prompt;
    if (retried)
      await writer.apply(prompt.jobId, (job) => {
        const verdict = judgeOrphan(prompt, job);
        return verdict.kind === 'catch_up' && verdict.retried ? { type: 'retry_request' } : undefined;
      });
    let taken = false;
    const job = await writer.apply(prompt.jobId, (now) => {
      const verdict = judgeOrphan(prompt, now);
      taken = verdict.kind === 'catch_up' && !verdict.retried;
      return taken ? { type: 'adopt', podId: client.podId, promptId, detail } : undefined;
    });
    const workflow = taken ? await store.workflow(prompt.jobId) : undefined;
    if (!job || !workflow) return undefined;
    log.warn(about, 'an attempt was found on the pod that the store did not know; nothing was sent again');
    return { job, workflow, prompt, isNew: detail === UNKNOWN_JOB };
  }
}

function isAway(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'store_unavailable';
}

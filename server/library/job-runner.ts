import { randomInt } from 'node:crypto';
import type { Job } from '../../lib/jobs/job.ts';
import { isTerminal } from '../../lib/jobs/job.ts';
import type { JobProgress } from '../../lib/jobs/progress.ts';
import type { JobDetail, RetryJobBody } from '../../lib/protocol/jobs.ts';
import { baseImagesPrompt, baseImagesSchema, type BaseImages } from '../../lib/workflow/base-images.ts';
import { DEFAULT_CHECKPOINT, pickCheckpoint } from '../../lib/workflow/default-checkpoint.ts';
import { readConfig, type Config } from '../config.ts';
import { openDesk, type Desk } from '../create-desk.ts';
import { JobFailedError } from '../jobs/job-failed-error.ts';
import type { PolicyHooks } from '../jobs/failures/error-handler.ts';

type JobListener = (job: Job, progress: JobProgress | undefined) => void;

/** Runs jobs without a server: the same store, drivers and recovery, in the caller's process. */
export class ComfyUIJobRunner {
  private readonly listeners = new Set<JobListener>();

  constructor(private readonly desk: Desk) {
    desk.events.add({
      jobChanged: (job, progress) => this.tell(job, progress),
    });
  }

  /**
   * Saves a job, durable when it resolves; it runs as soon as a pod has room. The workflow may be of any form.
   * @throws an error with the code `no_pod_can_run` where that is known of every pod, `invalid_workflow` where it is none
   */
  async submit(
    workflow: Record<string, unknown>,
    options: { name?: string; idempotencyKey?: string } = {},
  ): Promise<JobDetail> {
    const body = { workflow, ...(options.name !== undefined && { name: options.name }) };
    const { job } = await this.desk.service.submit(body, options.idempotencyKey);
    return job;
  }

  /**
   * Text to image with core nodes alone.
   * @returns the prompt id, once a pod has accepted it
   * @throws JobFailedError when the job ends without having been accepted; ZodError naming wrong fields; an error with the
   * code `no_pod_can_run` where no pod has the checkpoint
   */
  async submitBaseImages(request: BaseImages): Promise<string> {
    const given = baseImagesSchema.parse(request);
    const checkpoint = given.checkpoint ?? (await this.pickCheckpoint());
    const job = await this.submit(baseImagesPrompt(given, checkpoint, randomInt(2 ** 47)), {
      name: given.prompt.slice(0, 80),
    });
    const accepted = await this.when(job.id, (now) => now.state === 'running' || isTerminal(now.state));
    if (accepted.state === 'failed') throw new JobFailedError(accepted.error);
    const promptId = accepted.attempts.at(-1)?.promptId;
    if (promptId === undefined) throw new Error(`Job ${job.id} was ${accepted.state} before a pod had it`);
    return promptId;
  }

  /** Resolves with the job once it has ended. Takes a job id or a prompt id. */
  async waitForEnd(id: string): Promise<JobDetail> {
    const jobId = (await this.desk.service.get(id)) ? id : await this.jobOfPrompt(id);
    await this.when(jobId, (job) => isTerminal(job.state));
    const ended = await this.desk.service.get(jobId);
    if (!ended) throw new Error(`There is no job ${id}`);
    return ended;
  }

  cancel(jobId: string): Promise<JobDetail> {
    return this.desk.service.cancel(jobId);
  }

  /** A further attempt, as if none had been. `pod`: there and nowhere else; `freeMemory`: its memory is freed first. */
  retry(jobId: string, options: RetryJobBody = {}): Promise<JobDetail> {
    return this.desk.service.retry(jobId, options);
  }

  /** Called with every durable change of a job. @returns a function that ends it */
  onJobChanged(listener: JobListener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Leaves running jobs on their pods; the next runner takes them up. */
  close(): Promise<void> {
    return this.desk.close();
  }

  private tell(job: Job, progress: JobProgress | undefined): void {
    for (const listener of this.listeners) listener(job, progress);
  }

  private async when(jobId: string, holds: (job: Job) => boolean): Promise<Job> {
    let stop: (() => void) | undefined;
    const later = new Promise<Job>((resolve) => {
      stop = this.onJobChanged((job) => {
        if (job.id === jobId && holds(job)) resolve(job);
      });
    });
    try {
      const now = await this.desk.store.get(jobId);
      return now && holds(now.job) ? now.job : await later;
    } finally {
      stop?.();
    }
  }

  private async jobOfPrompt(promptId: string): Promise<string> {
    const jobId = await this.desk.store.jobOfPrompt(promptId);
    if (jobId === undefined) throw new Error(`There is no job and no prompt ${promptId}`);
    return jobId;
  }

  private async pickCheckpoint(): Promise<string> {
    return pickCheckpoint(await this.desk.models('checkpoints')) ?? DEFAULT_CHECKPOINT;
  }
}

/**
 * Opens the store, recovers what an earlier process left and starts to work. Settings come from the environment; `hooks`
 * are told of what is decided about failures, and may forbid a further attempt.
 */
export async function createComfyUIJobRunner(
  overrides: Partial<Config> = {},
  hooks: PolicyHooks = {},
): Promise<ComfyUIJobRunner> {
  const desk = await openDesk({ ...readConfig(), ...overrides }, { policyHooks: hooks });
  const runner = new ComfyUIJobRunner(desk);
  await desk.start();
  return runner;
}

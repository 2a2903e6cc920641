import { setTimeout as sleep } from 'node:timers/promises';
import { api } from './api.ts';
import type { Random } from './random.ts';

const GIVE_UP_AFTER_MS = 25_000;

export interface LoadPlan {
  /** How many submissions, and over how many milliseconds they are spread. */
  jobs: number;
  overMs: number;
  /** Length of a prompt in steps of `stepMs` milliseconds. */
  steps: readonly [number, number];
  stepMs: number;
  /** Shares of all submissions. */
  keyed: number;
  doubleClicks: number;
  cancels: number;
}

export const USUAL_LOAD: LoadPlan = {
  jobs: 6,
  overMs: 1200,
  steps: [6, 24],
  stepMs: 30,
  keyed: 0.75,
  doubleClicks: 0.2,
  cancels: 0,
};

/** The people who use a runner: they submit, click twice, try again when nobody answers, and change their minds. */
export class People {
  readonly accepted: { jobId: string; key?: string }[] = [];
  /** Jobs that somebody tried to cancel, whether or not that was answered. */
  readonly cancelled = new Set<string>();
  private prompts = 0;
  private asked = 0;
  private stopped = false;

  constructor(
    private readonly random: Random,
    private readonly runId: string,
    /** Instances that can be asked now. */
    private readonly urls: () => readonly string[],
  ) {}

  /** Resolves when every submission was accepted or given up. */
  async work(plan: LoadPlan): Promise<void> {
    const moments = Array.from({ length: plan.jobs }, () => this.random.next() * plan.overMs).toSorted((a, b) => a - b);
    const sent = moments.map((atMs, index) => {
      const prompt = this.prompt(plan);
      const key = this.random.chance(plan.keyed) ? `key-${this.runId}-${index}` : undefined;
      const twice = key !== undefined && this.random.chance(plan.doubleClicks);
      const cancelAfterMs = this.random.chance(plan.cancels) ? this.random.int(0, 1200) : undefined;
      return this.submitAt(atMs, { prompt, key, twice, cancelAfterMs });
    });
    await Promise.all(sent);
  }

  /** Nobody tries again any more. */
  stop(): void {
    this.stopped = true;
  }

  async cancel(jobId: string): Promise<void> {
    this.cancelled.add(jobId);
    const url = this.anyUrl();
    if (url !== undefined) await api.cancel(url, jobId);
  }

  private async submitAt(
    atMs: number,
    job: { prompt: unknown; key: string | undefined; twice: boolean; cancelAfterMs: number | undefined },
  ): Promise<void> {
    await sleep(atMs);
    const clicks = Array.from({ length: job.twice ? 2 : 1 }, () => this.submit(job.prompt, job.key));
    const ids = await Promise.all(clicks);
    const jobId = ids.find((id) => id !== undefined);
    if (jobId === undefined || job.cancelAfterMs === undefined) return;
    await sleep(job.cancelAfterMs);
    await this.cancel(jobId);
  }

  /** With a key it is sent until somebody accepts it; without one only once more where it was certainly refused. */
  private async submit(prompt: unknown, key: string | undefined): Promise<string | undefined> {
    const giveUpAt = Date.now() + GIVE_UP_AFTER_MS;
    while (Date.now() < giveUpAt && !this.stopped) {
      const url = this.anyUrl();
      const called = url === undefined ? undefined : await api.submit(url, prompt, key);
      if (called?.kind === 'ok') {
        const jobId = called.value.job.id;
        this.accepted.push({ jobId, ...(key !== undefined && { key }) });
        return jobId;
      }
      if (called?.kind === 'silent' && key === undefined) return undefined;
      await sleep(150);
    }
    return undefined;
  }

  private anyUrl(): string | undefined {
    const urls = this.urls();
    this.asked += 1;
    return urls[this.asked % Math.max(1, urls.length)];
  }

  /** A prompt that no pod has cached: some steps, then one saved picture. */
  private prompt({ steps: [least, most], stepMs }: LoadPlan): Record<string, unknown> {
    this.prompts += 1;
    const steps = this.random.int(least, most);
    const seed = this.random.int(0, 2 ** 40);
    const color = this.prompts;
    return {
      '1': { class_type: 'EmptyImage', inputs: { width: 64, height: 64, batch_size: 1, color } },
      '2': { class_type: 'ProbeSteps', inputs: { image: ['1', 0], steps, ms: stepMs, seed, preview: false } },
      '3': { class_type: 'SaveImage', inputs: { images: ['2', 0], filename_prefix: 'chaos' } },
    };
  }
}

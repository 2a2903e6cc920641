import { api, type SeenJob } from './api.ts';

const LOOK_EVERY_MS = 80;
export const TERMINAL = new Set(['succeeded', 'failed', 'cancelled']);

interface Fault {
  at: number;
  /** Jobs of which a sign is waited for. */
  jobIds: ReadonlySet<string>;
  recoveredAt?: number;
}

/** Watches all jobs through whichever instance answers, as a page does, and takes the time from a fault to a sign of life. */
export class Watcher {
  readonly jobs = new Map<string, SeenJob>();
  /** When each job was first seen to have ended, in milliseconds of the epoch. */
  readonly endedAt = new Map<string, number>();
  /** When the last look that was answered began. */
  lookedAt = 0;
  private readonly faults: Fault[] = [];
  private stopped = false;
  private looking: Promise<void> = Promise.resolve();

  constructor(private readonly urls: () => readonly string[]) {}

  start(): void {
    this.looking = this.look();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.looking;
  }

  /** A fault begins now; it hits these jobs, or else all that have not ended. */
  fault(jobIds?: readonly string[]): void {
    const open = [...this.jobs.values()].filter(({ state }) => !TERMINAL.has(state)).map(({ id }) => id);
    this.faults.push({ at: Date.now(), jobIds: new Set(jobIds ?? open) });
  }

  /** Milliseconds, one for each fault after which work was seen to go on. */
  get recoveries(): number[] {
    return this.faults.flatMap(({ at, recoveredAt }) => (recoveredAt === undefined ? [] : [recoveredAt - at]));
  }

  get allEnded(): boolean {
    return [...this.jobs.values()].every(({ state }) => TERMINAL.has(state));
  }

  private async look(): Promise<void> {
    for (let turn = 0; !this.stopped; turn += 1) {
      const urls = this.urls();
      const url = urls[turn % Math.max(1, urls.length)];
      const begun = Date.now();
      const called = url === undefined ? undefined : await api.jobs(url);
      if (called?.kind === 'ok') {
        for (const job of called.value.jobs) this.see(job, begun);
        this.lookedAt = begun;
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  private see(job: SeenJob, begun: number): void {
    const before = this.jobs.get(job.id);
    // An instance that hears of changes late must not make a job look alive again.
    if (before && TERMINAL.has(before.state)) return;
    this.jobs.set(job.id, job);
    const ended = TERMINAL.has(job.state);
    if (ended) this.endedAt.set(job.id, Date.now());
    const moved = before !== undefined && (job.progress ?? 0) > (before.progress ?? 0);
    if (!ended && !moved && !(job.state === 'running' && before?.state !== 'running')) return;
    for (const fault of this.faults)
      if (fault.recoveredAt === undefined && begun > fault.at && fault.jobIds.has(job.id))
        fault.recoveredAt = Date.now();
  }
}

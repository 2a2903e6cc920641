import { api, type SeenJob } from './api.ts';

const LOOK_EVERY_MS = 80;
export const TERMINAL = new Set(['succeeded', 'failed', 'cancelled']);

interface Fault {
  at: number;
  /** Jobs of which a sign is waited for; undefined: any that is not over by then. */
  jobIds: ReadonlySet<string> | undefined;
  over: ReadonlySet<string>;
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
  private readonly missing = new Set<string>();
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
    this.faults.push({ at: Date.now(), jobIds: jobIds && new Set(jobIds), over: new Set(this.endedAt.keys()) });
  }

  /** Milliseconds, one for each fault after which work was seen to go on. */
  get recoveries(): number[] {
    return this.faults.flatMap(({ at, recoveredAt }) => (recoveredAt === undefined ? [] : [recoveredAt - at]));
  }

  /** Whether a job has ended, or was once listed and is no more. */
  isOver(jobId: string): boolean {
    return this.endedAt.has(jobId) || this.missing.has(jobId);
  }

  get allEnded(): boolean {
    return [...this.jobs.keys()].every((jobId) => this.isOver(jobId));
  }

  /** Every instance is asked by itself: one that is frozen keeps nobody from seeing what the others tell. */
  private async look(): Promise<void> {
    const asked = new Map<string, Promise<void>>();
    while (!this.stopped) {
      for (const url of this.urls())
        if (!asked.has(url))
          asked.set(
            url,
            this.ask(url).finally(() => asked.delete(url)),
          );
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    await Promise.all(asked.values());
  }

  private async ask(url: string): Promise<void> {
    const begun = Date.now();
    const called = await api.jobs(url);
    if (called.kind !== 'ok') return;
    for (const job of called.value.jobs) this.see(job, begun);
    const listed = new Set(called.value.jobs.map(({ id }) => id));
    for (const id of this.jobs.keys()) if (!listed.has(id)) this.missing.add(id);
    for (const id of listed) this.missing.delete(id);
    this.lookedAt = Math.max(this.lookedAt, begun);
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
      if (
        fault.recoveredAt === undefined &&
        begun > fault.at &&
        !fault.over.has(job.id) &&
        (fault.jobIds?.has(job.id) ?? true)
      )
        fault.recoveredAt = Date.now();
  }
}

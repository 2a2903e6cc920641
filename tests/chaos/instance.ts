import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { reportSchema, type ChildOptions, type Command, type Report, type Step } from './child-protocol.ts';
import { keepInHand } from './children.ts';
import { waitUntil } from '../support/wait-until.ts';

const MAX_STDERR = 4000;

export interface InstanceEvents {
  onReport(report: Report, instance: Instance): void;
  /** It ended without having been asked to. */
  onDeath(instance: Instance): void;
}

/** One runner's process, over and over: it dies, and is started again under the same name. */
export class Instance {
  /** Where its API is; undefined while it is not ready. */
  url: string | undefined;
  stderr = '';
  /** The newest steps it told of, by job. */
  readonly steps = new Map<string, Step>();
  private child: ChildProcess | undefined;
  private ended: Promise<void> = Promise.resolve();
  private wanted = false;

  constructor(
    private readonly main: string,
    readonly options: ChildOptions,
    private readonly events: InstanceEvents,
  ) {}

  get name(): string {
    return this.options.name;
  }

  get running(): boolean {
    return this.child !== undefined;
  }

  /** Resolves when it is ready, or has ended before. */
  async start(): Promise<void> {
    if (this.child) return;
    this.wanted = true;
    const child = spawn(process.execPath, [this.main, JSON.stringify(this.options)], { stdio: 'pipe' });
    this.child = child;
    keepInHand(child);
    this.ended = new Promise((resolve) => {
      child.once('exit', () => {
        if (this.child === child) this.child = undefined;
        this.url = undefined;
        resolve();
        if (this.wanted) this.events.onDeath(this);
      });
    });
    child.stdin.on('error', () => undefined);
    child.stderr.on('data', (chunk: Buffer) => {
      this.stderr = (this.stderr + chunk.toString()).slice(-MAX_STDERR);
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      const report = reportSchema.parse(JSON.parse(line));
      if (report.event === 'ready') this.url = report.url;
      else this.steps.set(report.jobId, report.step);
      this.events.onReport(report, this);
    });
    await waitUntil(
      () => this.url !== undefined || this.child !== child,
      `${this.name} is ready; it said: ${this.stderr}`,
      60_000,
    );
  }

  send(command: Command): void {
    this.child?.stdin?.write(`${JSON.stringify(command)}\n`);
  }

  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    this.child?.kill(signal);
  }

  /** Ends it for good or until the next `start`; SIGTERM becomes SIGKILL after `withinMs`. */
  async stop(signal: 'SIGTERM' | 'SIGKILL', withinMs = 8000): Promise<void> {
    this.wanted = false;
    const { child } = this;
    if (!child) return;
    const hard = setTimeout(() => child.kill('SIGKILL'), withinMs);
    child.kill('SIGCONT');
    child.kill(signal);
    await this.ended;
    clearTimeout(hard);
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';

/** For a process to start and to answer; a queue's own slow recovery is given a longer time. */
const ANSWER_MS = 30_000;

/** A line as it came, with the moment of its arrival in `performance.now()` milliseconds. */
type Heard<T> = T & { atMs: number };

/** A program of its own that takes one JSON value as its argument, prints JSON lines and reads them. */
export class JsonChild<T extends { event: string }> {
  private readonly child: ChildProcess;
  private readonly exited: Promise<void>;
  private readonly listeners = new Set<(line: Heard<T>) => void>();
  private stderr = '';

  /** @param file beside this one; @param schema what its lines are */
  constructor(file: string, options: object, schema: z.ZodType<T>) {
    const program = fileURLToPath(new URL(file, import.meta.url));
    this.child = spawn(process.execPath, ['--import', 'tsx', program, JSON.stringify(options)], { stdio: 'pipe' });
    this.exited = new Promise((resolve) => this.child.once('exit', () => resolve()));
    if (this.child.stdout)
      createInterface({ input: this.child.stdout }).on('line', (line) => {
        const heard = { ...schema.parse(JSON.parse(line)), atMs: performance.now() };
        for (const listener of this.listeners) listener(heard);
      });
    this.child.stderr?.on('data', (chunk: Buffer) => (this.stderr = (this.stderr + chunk.toString()).slice(-2000)));
  }

  /** Every line from now on. @returns a function that ends it */
  onLine(listener: (line: Heard<T>) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** The next line that fits. Rejects after `withinMs`, or when the process ends first. */
  async next(fits: (line: T) => boolean, what: string, withinMs = ANSWER_MS): Promise<Heard<T>> {
    let timer: NodeJS.Timeout | undefined;
    let forget: () => void = () => undefined;
    try {
      return await new Promise<Heard<T>>((resolve, reject) => {
        const fail = (why: string) => reject(new Error(`${why}, while waiting until ${what}; stderr: ${this.stderr}`));
        forget = this.onLine((line) => {
          if (fits(line)) resolve(line);
        });
        timer = setTimeout(() => fail(`${withinMs} ms went by`), withinMs);
        void this.exited.then(() => fail('The process ended'));
      });
    } finally {
      clearTimeout(timer);
      forget();
    }
  }

  /** Sends a line and resolves with the next line of the event `answer`. */
  ask(line: object, answer: T['event'], withinMs?: number): Promise<Heard<T>> {
    const answered = this.next(({ event }) => event === answer, `it answers with "${answer}"`, withinMs);
    this.child.stdin?.write(`${JSON.stringify(line)}\n`);
    return answered;
  }

  /** @returns when the signal was sent, in `performance.now()` milliseconds */
  kill(): number {
    this.child.kill('SIGKILL');
    return performance.now();
  }

  async end(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }
}

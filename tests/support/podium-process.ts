import { spawn, type ChildProcess } from 'node:child_process';
import { z } from 'zod';
import { plainEnvironment } from '../../scripts/settings.mjs';
import { ROOT } from './build-server.ts';

const readyLine = z.object({ url: z.url() });

/** Podium as `npm start` runs it, in a process of its own, on a free port unless told otherwise. */
export class PodiumProcess {
  readonly exited: Promise<{ code: number | null }>;
  readonly startedAt = Date.now();
  private readonly child: ChildProcess;
  private readonly answered: Promise<string>;
  private text = '';

  /** `command` in place of what `npm start` runs. */
  constructor(settings: Record<string, string>, command: string[] = [process.execPath, 'scripts/start.mjs']) {
    const [program = '', ...args] = command;
    this.child = spawn(program, args, {
      cwd: ROOT,
      // A group of its own, so that nothing it has started outlives a test.
      detached: true,
      env: { ...plainEnvironment(), PORT: '0', ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.exited = new Promise((resolve) => this.child.once('close', (code) => resolve({ code })));
    this.answered = new Promise((resolve, reject) => {
      const take = (chunk: Buffer) => {
        this.text += chunk.toString();
        const line = this.text
          .split('\n')
          .slice(0, -1)
          .find((one) => one.includes('Podium is ready'));
        const ready = line === undefined ? undefined : readyLine.safeParse(JSON.parse(line));
        if (ready?.success) resolve(ready.data.url);
      };
      this.child.stdout?.on('data', take);
      this.child.stderr?.on('data', take);
      void this.exited.then(({ code }) =>
        reject(new Error(`Podium ended with ${code} before it was ready: ${this.text}`)),
      );
    });
    this.answered.catch(() => undefined);
  }

  /** Everything it has printed so far. */
  get output(): string {
    return this.text;
  }

  /** @returns its address, once it serves */
  ready(): Promise<string> {
    return this.answered;
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  async kill(): Promise<void> {
    if (this.child.pid !== undefined && this.isGroupAlive(this.child.pid)) process.kill(-this.child.pid, 'SIGKILL');
    await this.exited;
  }

  private isGroupAlive(group: number): boolean {
    try {
      return process.kill(-group, 0);
    } catch {
      return false;
    }
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Prompt } from '../../lib/workflow/prompt.ts';
import { waitUntil } from './wait-until.ts';

const eventSchema = z.object({
  event: z.string(),
  id: z.string().optional(),
  state: z.string().optional(),
  percent: z.number().optional(),
});
type ChildEvent = z.infer<typeof eventSchema>;

/** A desk in a real process, which can die. */
export class CrashProcess {
  readonly events: ChildEvent[] = [];
  readonly exited: Promise<NodeJS.Signals | null>;
  private readonly child: ChildProcess;
  private stderr = '';

  constructor(dataDir: string, podUrl: string, dieAt = 'none') {
    const main = fileURLToPath(new URL('./crash-main.ts', import.meta.url));
    this.child = spawn(process.execPath, ['--import', 'tsx', main, dataDir, podUrl, dieAt], { stdio: 'pipe' });
    this.exited = new Promise((resolve) => this.child.once('exit', (_code, signal) => resolve(signal)));
    if (this.child.stdout)
      createInterface({ input: this.child.stdout }).on('line', (line) => {
        this.events.push(eventSchema.parse(JSON.parse(line)));
      });
    this.child.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
  }

  ready(): Promise<ChildEvent> {
    return this.saw((event) => event.event === 'ready', 'the process is ready');
  }

  submit(prompt: Prompt): void {
    this.child.stdin?.write(`${JSON.stringify(prompt)}\n`);
  }

  /** The first event that fits, already seen or yet to come. */
  saw(fits: (event: ChildEvent) => boolean, what: string, withinMs = 20_000): Promise<ChildEvent> {
    return waitUntil(() => this.events.find(fits), `${what}; stderr: ${this.stderr.slice(-2000)}`, withinMs);
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { jobDetailSchema, jobListSchema, type JobDetail } from '../../lib/protocol/jobs.ts';
import type { Prompt } from '../../lib/workflow/prompt.ts';
import { waitUntil } from '../support/wait-until.ts';

const MAIN = fileURLToPath(new URL('../../dist/server/index.js', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const readyLine = z.object({ url: z.string(), msg: z.string().startsWith('Podium is ready') });
const jobAnswer = z.object({ job: jobDetailSchema });

/** The built server in a process of its own, with its own DATA_DIR, on a port that it keeps over restarts. */
export class PodiumProcess {
  url = '';
  private readonly dataDir = mkdtempSync(join(tmpdir(), 'podium-e2e-'));
  private child: ChildProcess | undefined;
  private output = '';

  constructor(private readonly env: Record<string, string>) {}

  async start(): Promise<void> {
    const port = this.url === '' ? '0' : new URL(this.url).port;
    const child = spawn(process.execPath, [MAIN], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], NODE_ENV: 'production', DATA_DIR: this.dataDir, PORT: port, ...this.env },
    });
    this.child = child;
    let url = '';
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.output += `${line}\n`;
      const ready = line.startsWith('{') ? readyLine.safeParse(JSON.parse(line)) : undefined;
      if (ready?.success) url = ready.data.url;
    });
    child.stderr.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    await waitUntil(
      () => {
        if (child.exitCode !== null) throw new Error(`Podium ended at once:\n${this.output}`);
        return url !== '';
      },
      'Podium is ready',
      30_000,
    );
    this.url = url;
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  async close(): Promise<void> {
    await this.end('SIGTERM');
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  async submit(workflow: Prompt, name?: string, pod?: string): Promise<JobDetail> {
    const response = await fetch(`${this.url}/api/jobs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ workflow, ...(name !== undefined && { name }), ...(pod !== undefined && { pod }) }),
    });
    return jobAnswer.parse(await response.json()).job;
  }

  async job(id: string): Promise<JobDetail> {
    return jobAnswer.parse(await (await fetch(`${this.url}/api/jobs/${id}`)).json()).job;
  }

  /** The job once it is in this state. */
  reaches(id: string, state: JobDetail['state']): Promise<JobDetail> {
    return waitUntil(
      async () => {
        const job = await this.job(id);
        return job.state === state && job;
      },
      `job ${id} is ${state}`,
      30_000,
    );
  }

  /** Cancels every job that has not ended and waits until none is left. */
  async cancelAll(): Promise<void> {
    const active = async () => {
      const answer = await fetch(`${this.url}/api/jobs?state=queued,submitting,uncertain,running,retry_wait`);
      return jobListSchema.parse(await answer.json()).jobs;
    };
    for (const { id } of await active()) await fetch(`${this.url}/api/jobs/${id}/cancel`, { method: 'POST' });
    await waitUntil(async () => (await active()).length === 0, 'no job is active', 30_000);
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  }
}

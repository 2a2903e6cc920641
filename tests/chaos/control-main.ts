/**
 * The control: an ordinary queue in the same seat. BullMQ with its documented defaults, and a handler that posts the
 * prompt, looks at history until it is there, and copies the files.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue, Worker, type Job } from 'bullmq';
import { z } from 'zod';
import { childOptionsSchema, obeyCommands, report, shiftClock, type Step } from './child-protocol.ts';
import { SCALE } from './scale.ts';

const options = childOptionsSchema.parse(JSON.parse(process.argv[2] ?? ''));
shiftClock(options.skewMs);
const commands = obeyCommands();
const redis = new URL(options.redisUrl ?? '');
const connection = { host: redis.hostname, port: Number(redis.port) };
const { bullmq, handler } = SCALE;
const QUEUE = 'prompts';

const queue = new Queue<Data>(QUEUE, { connection });
queue.on('error', () => undefined);

const dataSchema = z.object({ prompt: z.record(z.string(), z.unknown()) });
type Data = z.infer<typeof dataSchema>;
const acceptedSchema = z.object({ prompt_id: z.string() });
const fileSchema = z.object({ filename: z.string(), subfolder: z.string(), type: z.string() });
const entrySchema = z.object({
  status: z.object({ status_str: z.string() }),
  outputs: z.record(z.string(), z.object({ images: z.array(fileSchema).optional() })),
});

const pods = Object.values(options.pods);
let turn = 0;

async function json(url: string, init: RequestInit = {}): Promise<unknown> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(handler.submitMs), ...init });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return answer.json();
}

async function run(job: Job<Data>): Promise<void> {
  const id = job.id ?? '';
  const at = (step: Step) => commands.step(step, id);
  const pod = pods[(turn += 1) % pods.length] ?? '';
  at('before-intent');
  const body = JSON.stringify({
    prompt: job.data.prompt,
    client_id: options.name,
    extra_data: { podium: { jobId: id } },
  });
  at('after-intent');
  const headers = { 'content-type': 'application/json' };
  const accepted = acceptedSchema.parse(await json(`${pod}/prompt`, { method: 'POST', headers, body }));
  at('before-answer-recorded');
  await job.updateProgress(1);
  at('after-accepted');
  const entry = await ended(pod, accepted.prompt_id);
  if (entry.status.status_str !== 'success') throw new Error(`The prompt ended as ${entry.status.status_str}`);
  at('before-download');
  await mkdir(join(options.dataDir, 'outputs'), { recursive: true });
  for (const file of Object.values(entry.outputs).flatMap(({ images = [] }) => images)) {
    const answer = await fetch(`${pod}/view?${new URLSearchParams(file)}`, {
      signal: AbortSignal.timeout(handler.submitMs),
    });
    if (!answer.ok) throw new Error(`The file was answered ${answer.status}`);
    await writeFile(
      join(options.dataDir, 'outputs', `${id}-${file.filename}`),
      Buffer.from(await answer.arrayBuffer()),
    );
  }
  at('after-download');
}

async function ended(pod: string, promptId: string): Promise<z.infer<typeof entrySchema>> {
  const giveUpAt = performance.now() + handler.endMs;
  while (performance.now() < giveUpAt) {
    const history = z.record(z.string(), entrySchema).parse(await json(`${pod}/history/${promptId}`));
    const entry = history[promptId];
    if (entry) return entry;
    await sleep(handler.lookMs);
  }
  throw new Error('The prompt did not end in time');
}

const worker = new Worker<Data>(QUEUE, run, {
  connection: { ...connection, maxRetriesPerRequest: null },
  concurrency: pods.length * 2,
  lockDuration: bullmq.lockMs,
  stalledInterval: bullmq.stalledMs,
  maxStalledCount: bullmq.maxStalled,
});
worker.on('error', () => undefined);
worker.on('completed', (job) => commands.step('after-end', job.id ?? ''));

const STATES: Record<string, string> = {
  waiting: 'queued',
  prioritized: 'queued',
  delayed: 'retry_wait',
  active: 'running',
  completed: 'succeeded',
  failed: 'failed',
};

async function viewOf(job: Job<Data>) {
  const state = STATES[await job.getState()] ?? 'queued';
  const error = state === 'failed' ? { error: { code: job.failedReason.slice(0, 100) } } : {};
  return { id: job.id, state, progress: typeof job.progress === 'number' ? job.progress : null, ...error };
}

async function serve(method: string, path: string, key: string | undefined, text: string) {
  const [, id, action] = /^\/api\/jobs\/([^/?]+)(?:\/(\w+))?$/.exec(path) ?? [];
  if (method === 'POST' && path === '/api/jobs') {
    const { workflow } = z.object({ workflow: z.record(z.string(), z.unknown()) }).parse(JSON.parse(text));
    const job = await queue.add(
      'run',
      { prompt: workflow },
      {
        jobId: key ?? randomUUID(),
        attempts: bullmq.attempts,
        backoff: { type: 'exponential', delay: bullmq.backoffMs },
      },
    );
    return { status: 201, body: { job: { id: job.id } } };
  }
  if (id === undefined) {
    const jobs = await queue.getJobs(['waiting', 'prioritized', 'delayed', 'active', 'completed', 'failed']);
    return { status: 200, body: { jobs: await Promise.all(jobs.filter((job) => job?.id !== undefined).map(viewOf)) } };
  }
  const job = await queue.getJob(id);
  if (!job) return { status: 404, body: {} };
  if (action !== 'cancel') return { status: 200, body: { job: await viewOf(job) } };
  const removed = await job.remove().then(
    () => true,
    () => false,
  );
  return { status: removed ? 202 : 409, body: {} };
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const key = request.headers['idempotency-key'];
    const { method = 'GET', url = '/' } = request;
    void serve(method, url, typeof key === 'string' ? key : undefined, Buffer.concat(chunks).toString())
      .catch((error: unknown) => ({ status: 503, body: { detail: String(error) } }))
      .then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
  });
});
process.once('SIGTERM', () => {
  server.close();
  void Promise.all([worker.close(), queue.close()]).then(() => process.exit(0));
});
server.listen(0, '127.0.0.1', () => {
  report({ event: 'ready', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});

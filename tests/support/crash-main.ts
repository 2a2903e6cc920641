/**
 * A desk in a process of its own that kills itself with SIGKILL at one step of a job's life.
 * Arguments: data dir, pod URL, step (or `none`). Reads `submit {json}` lines, prints one JSON line an event.
 */
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { readConfig } from '../../server/config.ts';
import { openDesk } from '../../server/create-desk.ts';

const [dataDir, podUrl, dieAt] = z.tuple([z.string(), z.string(), z.string()]).parse(process.argv.slice(2));
const say = (event: object) => process.stdout.write(`${JSON.stringify(event)}\n`);

const desk = await openDesk(
  { ...readConfig({ COMFYUI_POD_URL: `pod=${podUrl}` }), dataDir, progressIntervalMs: 100, retryBackoffBaseMs: 50 },
  {
    onStep: (step) => {
      if (step === dieAt) process.kill(process.pid, 'SIGKILL');
    },
  },
);
desk.events.add({
  jobChanged: (job) => {
    say({ event: 'job', id: job.id, state: job.state });
    if (job.state === dieAt) process.kill(process.pid, 'SIGKILL');
  },
  jobProgress: (jobId, progress) => say({ event: 'progress', id: jobId, percent: progress.percent }),
});
await desk.start();
say({ event: 'ready' });

for await (const line of createInterface({ input: process.stdin })) {
  const { job } = await desk.service.submit({ workflow: z.record(z.string(), z.unknown()).parse(JSON.parse(line)) });
  say({ event: 'accepted', id: job.id });
}

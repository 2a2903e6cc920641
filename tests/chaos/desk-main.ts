/** Podium in a process of its own that can be killed, stopped and blocked at each step of a job's life. */
import { join } from 'node:path';
import { pino } from 'pino';
import { DEFAULT_TIMING } from '../../server/comfy/timing.ts';
import { readConfig } from '../../server/config.ts';
import { createServer } from '../../server/create-server.ts';
import { JobRunner } from '../../server/jobs/job-runner.ts';
import { JobWriter } from '../../server/jobs/job-writer.ts';
import { childOptionsSchema, obeyCommands, report, shiftClock } from './child-protocol.ts';
import { mutate } from './mutations.ts';
import { POD_TIMING, SCALE } from './scale.ts';

const options = childOptionsSchema.parse(JSON.parse(process.argv[2] ?? ''));
shiftClock(options.skewMs);
Object.assign(DEFAULT_TIMING, POD_TIMING);
const commands = obeyCommands();

// The moment before an intent is no step of the product: nothing has happened then.
const { applyTo } = JobWriter.prototype;
JobWriter.prototype.applyTo = function (job, input) {
  if (input.type === 'claim') commands.step('before-intent', job.id);
  return applyTo.call(this, job, input);
};
const { reserve } = JobRunner.prototype;
JobRunner.prototype.reserve = function (job) {
  return commands.awaits('before-intent') ? undefined : reserve.call(this, job);
};
if (options.mutate !== undefined) mutate(options.mutate);

const config = readConfig({
  POD_REQUESTS_PER_SECOND: '0',
  COMFYUI_POD_URL: Object.entries(options.pods)
    .map(([id, url]) => `${id}=${url}`)
    .join(','),
  DATA_DIR: options.dataDir,
  ...(options.redisUrl !== undefined && { REDIS_URL: options.redisUrl }),
  LEASE_MS: String(SCALE.leaseMs),
  PROGRESS_INTERVAL_MS: String(SCALE.progressIntervalMs),
  RETRY_BACKOFF_BASE_MS: String(SCALE.retryBackoffBaseMs),
  PORT: '0',
});
const log = pino(
  { level: 'info' },
  pino.destination({ dest: join(options.dataDir, `${options.name}.log`), sync: true }),
);
const server = await createServer(config, {
  pages: false,
  log,
  onStep: (step, jobId) => commands.step(step, jobId),
});
process.once('SIGTERM', () => void server.close().then(() => process.exit(0)));
await server.start();
report({ event: 'ready', url: server.url });

/**
 * A desk over Redis in a process of its own. Argument: `DeskProcessOptions` as JSON. Prints a JSON line an event (see
 * `deskLineSchema`) and reads `{"do":"run","count":…,"inFlight":…}` and `{"do":"driven"}`.
 */
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { isTerminal } from '../../lib/jobs/job.ts';
import { readConfig } from '../../server/config.ts';
import { openDesk } from '../../server/create-desk.ts';
import { stepsPrompt } from '../support/prompts.ts';
import { each } from './each.ts';
import { deskOptionsSchema, type DeskLine } from './desk-lines.ts';

const options = deskOptionsSchema.parse(JSON.parse(process.argv[2] ?? ''));
const say = (line: DeskLine) => process.stdout.write(`${JSON.stringify(line)}\n`);

const desk = await openDesk(
  readConfig({
    COMFYUI_POD_URL: options.podUrls.map((url, index) => `pod-${index}=${url}`).join(','),
    REDIS_URL: options.redisUrl,
    DATA_DIR: options.dataDir,
    POD_SLOTS: String(options.slots),
    POD_REQUESTS_PER_SECOND: '0',
  }),
);

/** Jobs of this process that have not ended; jobs that were heard to end before their submission was answered. */
const unfinished = new Set<string>();
const early = new Set<string>();
let onEnd: () => void = () => undefined;
desk.events.add({
  wants: ({ state }) => isTerminal(state),
  jobChanged: (job) => {
    if (!isTerminal(job.state)) return;
    if (unfinished.delete(job.id)) onEnd();
    else early.add(job.id);
  },
});
if (options.progress)
  desk.events.addOwn({
    jobProgress: (jobId, { node }) => say({ event: 'progress', jobId, value: node?.value ?? 0 }),
  });

/** Submits jobs and waits until each has ended, wherever it ran. */
async function run(count: number, inFlight: number): Promise<void> {
  early.clear();
  await each(count, inFlight, async () => {
    const { job } = await desk.service.submit({ workflow: stepsPrompt(10, 10) });
    if (!early.delete(job.id)) unfinished.add(job.id);
  });
  say({ event: 'accepted' });
  await new Promise<void>((resolve) => {
    onEnd = () => {
      if (unfinished.size === 0) resolve();
    };
    onEnd();
  });
  say({ event: 'ran' });
}

await desk.start();
say({ event: 'ready' });

const commandSchema = z.discriminatedUnion('do', [
  z.object({ do: z.literal('run'), count: z.number(), inFlight: z.number() }),
  z.object({ do: z.literal('driven') }),
]);
createInterface({ input: process.stdin })
  .on('line', (line) => {
    const command = commandSchema.parse(JSON.parse(line));
    if (command.do === 'run') void run(command.count, command.inFlight);
    else say({ event: 'driven', pods: desk.runner.driven().map(({ id }) => id) });
  })
  // The bench has ended, however it did.
  .once('close', () => process.exit(0));

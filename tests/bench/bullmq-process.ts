/**
 * BullMQ workers in a process of their own, one for each queue, with BullMQ's defaults; their jobs never end. Argument:
 * `{port, queues: [{name, afterMs}]}` as JSON. Prints `BullmqLine`s.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'bullmq';
import { z } from 'zod';
import type { BullmqLine } from './bullmq-lines.ts';

const options = z
  .object({ port: z.number(), queues: z.array(z.object({ name: z.string(), afterMs: z.number() })) })
  .parse(JSON.parse(process.argv[2] ?? ''));
const say = (line: BullmqLine) => process.stdout.write(`${JSON.stringify(line)}\n`);

// The bench has ended, however it did.
process.stdin.resume().once('close', () => process.exit(0));

await Promise.all(
  options.queues.map(async ({ name, afterMs }) => {
    await sleep(afterMs);
    const worker = new Worker(
      name,
      () => {
        say({ event: 'took', queue: name });
        return new Promise<never>(() => undefined);
      },
      { connection: { host: '127.0.0.1', port: options.port, maxRetriesPerRequest: null } },
    );
    await worker.waitUntilReady();
    say({ event: 'working', queue: name });
  }),
);

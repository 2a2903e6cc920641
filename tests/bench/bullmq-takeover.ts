import { setTimeout as sleep } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { startRedis } from '../support/redis-process.ts';
import { bullmqLineSchema } from './bullmq-lines.ts';
import { JsonChild } from './json-child.ts';

/** BullMQ's documented defaults, over which the rounds are spread; nothing is set to them. */
const STALLED_INTERVAL_MS = 30_000;
const LOCK_RENEW_MS = 15_000;
/** Lock, and two looks for stalled jobs. */
const TAKEOVER_MS = 120_000;

/**
 * From SIGKILL of a worker's process in the middle of a job to the same job's being given to another process's worker.
 * All rounds run at once, each with a queue and a doomed process of its own, and at another phase of the defaults.
 * `times` resolves to the milliseconds of each round.
 */
export async function bullmqTakeovers(rounds: number): Promise<{ times: Promise<number[]>; end(): Promise<void> }> {
  const redis = await startRedis();
  const connection = { host: '127.0.0.1', port: redis.port };
  const names = Array.from({ length: rounds }, (_, round) => `takeover-${round}`);
  const queues = names.map((name) => new Queue(name, { connection }));
  // At different distances from the last renewal of its lock, and, below, from the heir's next look for stalled jobs.
  const doomed = names.map((name, round) => {
    const afterMs = (((round * 3) % rounds) / rounds) * LOCK_RENEW_MS;
    return new JsonChild('./bullmq-process.ts', { port: redis.port, queues: [{ name, afterMs }] }, bullmqLineSchema);
  });
  const took = doomed.map((child) => child.next(({ event }) => event === 'took', 'a worker is given its job'));
  await Promise.all(queues.map((queue) => queue.add('prompt', {})));
  await Promise.all(took);
  const heirs = new JsonChild(
    './bullmq-process.ts',
    { port: redis.port, queues: names.map((name) => ({ name, afterMs: 0 })) },
    bullmqLineSchema,
  );
  const killed = doomed.map(async (child, round) => {
    const is = (event: string) => (line: { event: string; queue: string }) =>
      line.event === event && line.queue === names[round];
    await heirs.next(is('working'), 'an heir works');
    await sleep((round / rounds) * STALLED_INTERVAL_MS);
    const takenOver = heirs.next(is('took'), 'an heir is given the job', TAKEOVER_MS);
    const killedAt = child.kill();
    return (await takenOver).atMs - killedAt;
  });
  const times = Promise.all(killed);
  // Whoever awaits them may be busy meanwhile.
  times.catch(() => undefined);
  return {
    times,
    async end() {
      await Promise.all([heirs, ...doomed].map((child) => child.end()));
      await Promise.all(queues.map((queue) => queue.close()));
      await redis.stop();
    },
  };
}

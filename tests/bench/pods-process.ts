/**
 * Several pods in a process of their own that end each prompt as soon as they have answered it. Argument: `{pods, tell}`
 * as JSON. Prints `PodsLine`s; a line on its input asks it to count what came since the last one.
 */
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { BenchPod } from './bench-pod.ts';
import { machineMs } from './machine-clock.ts';
import type { PodsLine } from './pods-lines.ts';

const options = z.object({ pods: z.number(), tell: z.boolean() }).parse(JSON.parse(process.argv[2] ?? ''));
const say = (line: PodsLine) => process.stdout.write(`${JSON.stringify(line)}\n`);

const posts = new Map<string, number>();
const pods = Array.from({ length: options.pods }, () => {
  const pod: BenchPod = new BenchPod(({ promptId, jobId = promptId }) => {
    if (options.tell) say({ event: 'arrived', machineMs: machineMs() });
    posts.set(jobId, (posts.get(jobId) ?? 0) + 1);
    setImmediate(() => pod.finish(promptId));
  });
  return pod;
});
say({ event: 'listening', urls: await Promise.all(pods.map((pod) => pod.listen())) });

createInterface({ input: process.stdin })
  .on('line', () => {
    const twice = [...posts.values()].filter((count) => count > 1).length;
    say({ event: 'counted', jobs: posts.size, twice });
    posts.clear();
  })
  // The bench has ended, however it did.
  .once('close', () => process.exit(0));

/** `npm run bench [name …]`: each figure as a ratio to a named baseline of the same run. `BENCH_REPEATS` (7, at least 5). */
import { acceptBench } from './accept.ts';
import { batchAcceptBench, redisBatchAcceptBench } from './batch-accept.ts';
import { classifyBench } from './classify.ts';
import { spread, type Comparison } from './compare.ts';
import { convertBench } from './convert.ts';
import { firstLoadBytes } from './first-load.ts';
import { instancesBench } from './instances.ts';
import { outageBench } from './outage.ts';
import { pickUpBench, redisPickUpBench } from './pick-up.ts';
import { policyBench } from './policy.ts';
import { preflightBench } from './preflight.ts';
import { reattachBench, redisReattachBench } from './reattach.ts';
import { redisAcceptBench } from './redis-accept.ts';
import { relayBench } from './relay.ts';
import { takeoverBench } from './takeover.ts';

const repeats = Math.max(5, Number(process.env['BENCH_REPEATS'] ?? 7));
const wanted = process.argv.slice(2);
const benches = {
  accept: acceptBench,
  'pick-up': pickUpBench,
  relay: relayBench,
  'redis-accept': redisAcceptBench,
  'redis-pick-up': redisPickUpBench,
  takeover: takeoverBench,
  reattach: reattachBench,
  'redis-reattach': redisReattachBench,
  instances: instancesBench,
  policy: policyBench,
  classify: classifyBench,
  outage: outageBench,
  convert: convertBench,
  preflight: preflightBench,
  'batch-accept': batchAcceptBench,
  'redis-batch-accept': redisBatchAcceptBench,
};

function bar(name: string) {
  return (done: number) => {
    const filled = Math.round((done / repeats) * 20);
    process.stderr.write(`\r${name.padEnd(13)} [${'#'.repeat(filled).padEnd(20)}] ${done}/${repeats}`);
    if (done === repeats) process.stderr.write('\n');
  };
}

function print({ name, unit, subject, baseline, ratios, aim, notes = [] }: Comparison): void {
  process.stdout.write(
    `${name}\n  podium   ${spread(subject)} ${unit}\n  baseline ${spread(baseline)} ${unit}\n` +
      `  ratio    ${spread(ratios)}   aim ${aim}\n${notes.map((note) => `  ${note}\n`).join('')}`,
  );
}

for (const [name, bench] of Object.entries(benches))
  if (wanted.length === 0 || wanted.includes(name)) print(await bench(repeats, bar(name)));

if (wanted.length === 0 || wanted.includes('first-load')) {
  const { jobs, empty } = await firstLoadBytes();
  const kilobytes = (bytes: number) => (bytes / 1024).toFixed(1);
  process.stdout.write(
    `first-load JavaScript, gzip\n  jobs page  ${kilobytes(jobs)} KB\n  empty page ${kilobytes(empty)} KB\n` +
      `  more       ${kilobytes(jobs - empty)} KB, ratio ${(jobs / empty).toFixed(2)}   aim ≤ +60 KB\n`,
  );
}

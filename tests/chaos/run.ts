/**
 * `npm run test:chaos`: every scenario with every seed for both runners, then the table. `CHAOS_SEEDS` (50),
 * `CHAOS_SEED0` (1), `CHAOS_SCENARIO`, `CHAOS_RUNNER` (podium or control), `CHAOS_PARALLEL` (3), `CHAOS_MUTATE`,
 * `CHAOS_FORMER` (a checkout of another version, of which every instance first is, until a scenario replaces it).
 */
import { z } from 'zod';
import { MUTATIONS } from './child-protocol.ts';
import { play, type Played } from './play.ts';
import { buildPrograms, type Runner } from './programs.ts';
import { SCENARIOS } from './scenarios/all.ts';
import { tableOf, totals, type Row } from './table.ts';

const whole = (fallback: number) => z.coerce.number().int().positive().default(fallback);
const parsed = z
  .object({
    CHAOS_SEEDS: whole(50),
    CHAOS_SEED0: whole(1),
    CHAOS_PARALLEL: whole(3),
    CHAOS_SCENARIO: z.enum(SCENARIOS.map(({ name }) => name)).optional(),
    CHAOS_RUNNER: z.enum(['podium', 'control']).optional(),
    CHAOS_MUTATE: z.enum(MUTATIONS).optional(),
    CHAOS_FORMER: z.string().min(1).optional(),
  })
  .safeParse(process.env);
if (!parsed.success) {
  process.stderr.write(`The settings of this proof are wrong.\n${z.prettifyError(parsed.error)}\n`);
  process.exit(1);
}
const settings = parsed.data;
const scenarios = SCENARIOS.filter(({ name }) => name === (settings.CHAOS_SCENARIO ?? name));
const runners: Runner[] = settings.CHAOS_RUNNER ? [settings.CHAOS_RUNNER] : ['podium', 'control'];
const seeds = Array.from({ length: settings.CHAOS_SEEDS }, (_, index) => settings.CHAOS_SEED0 + index);

const rows = scenarios.flatMap((scenario) =>
  runners.map((runner): Row => ({ scenario: scenario.name, runner, played: [], broken: 0 })),
);
// Seed by seed, so that a run that is cut short has seen every scenario.
const work = seeds.flatMap((seed) =>
  scenarios.flatMap((scenario) =>
    runners.map((runner) => ({
      scenario,
      seed,
      runner,
      row: rows.find((row) => row.scenario === scenario.name && row.runner === runner),
    })),
  ),
);
const total = work.length;
const began = Date.now();
let done = 0;

function bar(): void {
  const filled = Math.round((done / total) * 30);
  const minutes =
    done === 0 ? '' : ` about ${Math.ceil((((Date.now() - began) / done) * (total - done)) / 60_000)} min left`;
  process.stderr.write(`\r[${'#'.repeat(filled).padEnd(30)}] ${done}/${total}${minutes}   `);
}

function again(name: string, seed: number, runner: Runner): string {
  const mutate = settings.CHAOS_MUTATE ? `CHAOS_MUTATE=${settings.CHAOS_MUTATE} ` : '';
  return `${mutate}CHAOS_SCENARIO=${name} CHAOS_SEED0=${seed} CHAOS_SEEDS=1 CHAOS_RUNNER=${runner} npm run test:chaos`;
}

function tell({ lost, duplicate, told }: Played, name: string, seed: number): void {
  const said = [...lost.map((what) => `lost ${what}`), ...duplicate.map((what) => `duplicate ${what}`)];
  process.stderr.write(`\r${name}, seed ${seed}: ${said.join('; ')}\n  again: ${again(name, seed, 'podium')}\n`);
  for (const what of told) process.stderr.write(`  last of ${what}\n`);
}

const programs = await buildPrograms(settings.CHAOS_FORMER);
process.once('exit', () => programs.remove());
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
process.stderr.write(`${scenarios.length} scenarios, seeds ${seeds[0]} to ${seeds.at(-1)}, ${runners.join(' and ')}\n`);

async function worker(): Promise<void> {
  for (let task = work.shift(); task; task = work.shift()) {
    const { scenario, seed, runner, row } = task;
    try {
      const mutate = settings.CHAOS_MUTATE;
      const played = await play({ scenario, seed, runner, programs, ...(mutate && { mutate }) });
      row?.played.push(played);
      if (runner === 'podium' && played.lost.length + played.duplicate.length > 0) tell(played, scenario.name, seed);
    } catch (error) {
      if (row) row.broken += 1;
      process.stderr.write(`\r${scenario.name}, seed ${seed}, ${runner} broke: ${String(error)}\n`);
      process.stderr.write(`  again: ${again(scenario.name, seed, runner)}\n`);
    }
    done += 1;
    bar();
  }
}
await Promise.all(Array.from({ length: settings.CHAOS_PARALLEL }, worker));

process.stderr.write('\n');
process.stdout.write(`${tableOf(rows)}\n`);
const podium = totals(rows, 'podium');
const control = totals(rows, 'control');
const minutes = ((Date.now() - began) / 60_000).toFixed(1);
process.stdout.write(`\nTook ${minutes} min. Podium: ${podium.lost} lost, ${podium.duplicate} twice.`);
if (runners.includes('control')) {
  process.stdout.write(` Control: ${control.lost} lost, ${control.duplicate} twice.`);
  if (control.lost + control.duplicate === 0)
    process.stdout.write(' The control shows nothing: this proof is too weak.');
}
process.stdout.write('\n');
process.exit(podium.lost + podium.duplicate + podium.broken + control.broken > 0 ? 1 : 0);

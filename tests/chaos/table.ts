import type { Played } from './play.ts';
import type { Runner } from './programs.ts';

export interface Row {
  scenario: string;
  runner: Runner;
  played: Played[];
  /** Runs that could not be judged. */
  broken: number;
}

/** The smallest value that at least this share of all values does not exceed. */
export function percentile(values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}

export function totals(rows: readonly Row[], runner: Runner) {
  const own = rows.filter((row) => row.runner === runner);
  const sum = (count: (played: Played) => number) =>
    own.flatMap(({ played }) => played).reduce((total, played) => total + count(played), 0);
  return {
    jobs: sum(({ jobs }) => jobs),
    lost: sum(({ lost }) => lost.length),
    duplicate: sum(({ duplicate }) => duplicate.length),
    rework: sum(({ rework }) => rework),
    broken: own.reduce((total, { broken }) => total + broken, 0),
  };
}

const HEAD = ['scenario', 'runner', 'seeds', 'jobs', 'lost', 'duplicate', 'rework', 'recovery p50', 'p95'];

const milliseconds = (value: number | undefined) => (value === undefined ? '–' : `${Math.round(value)} ms`);

/** One line a scenario and runner, and one a runner for all. */
export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({ scenario, runner, played }) => [
    scenario,
    runner,
    String(played.length),
    ...counts(totals([{ scenario, runner, played, broken: 0 }], runner)),
    ...times(played),
  ]);
  for (const runner of ['podium', 'control'] as const) {
    const own = rows.filter((row) => row.runner === runner);
    if (own.length === 0) continue;
    const played = own.flatMap((row) => row.played);
    lines.push(['all', runner, String(played.length), ...counts(totals(own, runner)), ...times(played)]);
  }
  const widths = HEAD.map((title, column) => Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)));
  const print = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [print(HEAD), rule, ...lines.map(print)].join('\n');
}

const counts = ({ jobs, lost, duplicate, rework }: ReturnType<typeof totals>) =>
  [jobs, lost, duplicate, rework].map(String);

function times(played: readonly Played[]): string[] {
  const all = played.flatMap(({ recoveries }) => recoveries);
  return [milliseconds(percentile(all, 0.5)), milliseconds(percentile(all, 0.95))];
}

/** One round of a measurement; resolves to milliseconds (or another unit, the same for both sides). */
export type Round = () => Promise<number>;

export interface Comparison {
  name: string;
  unit: string;
  subject: number[];
  baseline: number[];
  ratios: number[];
  aim: string;
  /** Further lines to print. */
  notes?: string[];
}

/** Runs subject and baseline in turn, A B B A …, so that a drift of the machine's speed meets both alike. */
export async function compare(
  name: string,
  sides: { subject: Round; baseline: Round },
  options: { repeats: number; unit: string; aim: string; onRepeat: (done: number) => void },
): Promise<Comparison> {
  const subject: number[] = [];
  const baseline: number[] = [];
  await sides.subject();
  await sides.baseline();
  for (let repeat = 0; repeat < options.repeats; repeat += 1) {
    if (repeat % 2 === 0) {
      subject.push(await sides.subject());
      baseline.push(await sides.baseline());
    } else {
      baseline.push(await sides.baseline());
      subject.push(await sides.subject());
    }
    options.onRepeat(repeat + 1);
  }
  const ratios = subject.map((value, index) => value / (baseline[index] ?? Number.NaN));
  return { name, unit: options.unit, subject, baseline, ratios, aim: options.aim };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1
    ? (sorted[Math.floor(middle)] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

/** The least value that 95 of 100 values do not exceed. */
export function p95(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1] ?? Number.NaN;
}

/** `median (least–most)` with two digits. */
export function spread(values: readonly number[]): string {
  const digits = (value: number) => value.toFixed(2);
  return `${digits(median(values))} (${digits(Math.min(...values))}–${digits(Math.max(...values))})`;
}

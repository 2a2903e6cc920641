import type { BatchAxis, BatchPlan } from './batch-plan.ts';

/** One combination: how it differs in words, and the places of its jobs in the batch. */
export interface SheetPlace {
  label: string;
  jobs: number[];
}
/** Two axes of which every combination runs, below what further axes give them in common. */
export interface SheetTable {
  /** Of the further axes; empty where there are none. */
  title: string;
  columns: string[];
  rows: { label: string; places: SheetPlace[] }[];
}
/** How the results of a batch are laid out. `strip`: combinations one after another. */
export type Sheet =
  | { kind: 'strip'; places: SheetPlace[] }
  | { kind: 'tables'; rowAxis: string; columnAxis: string; tables: SheetTable[] };

/** Characters of a value that label it. */
const MAX_LABEL = 60;

/** The contact sheet of a plan: rows are the axis before the last one, columns the last; the others make a table each. */
export function sheetOf({ axes, mode, count }: BatchPlan): Sheet {
  const jobsOf = (combination: number) => Array.from({ length: count }, (_, run) => combination * count + run);
  const column = axes.at(-1);
  const row = axes.at(-2);
  if (mode === 'zip' || !row || !column) {
    const combinations = axes[0]?.values.length ?? count;
    const places = Array.from({ length: combinations }, (_, at) => ({
      label: axes.map((axis) => nameOf(axis, at, axes.length > 1)).join(' · '),
      jobs: axes.length === 0 ? [at] : jobsOf(at),
    }));
    return { kind: 'strip', places };
  }
  const size = row.values.length * column.values.length;
  const titles = combinationsOf(axes.slice(0, -2));
  const tables = titles.map((title, table) => ({
    title,
    columns: column.values.map((_, at) => nameOf(column, at, false)),
    rows: row.values.map((_, down) => ({
      label: nameOf(row, down, false),
      places: column.values.map((_value, across) => ({
        label: [title, nameOf(row, down, true), nameOf(column, across, true)].filter((part) => part !== '').join(' · '),
        jobs: jobsOf(table * size + down * column.values.length + across),
      })),
    })),
  }));
  return { kind: 'tables', rowAxis: row.label, columnAxis: column.label, tables };
}

/** Every combination of some axes in words, the last axis changing fastest; one empty text without any. */
function combinationsOf(axes: readonly BatchAxis[]): string[] {
  return axes.reduce<string[]>(
    (before, axis) =>
      before.flatMap((text) =>
        axis.values.map((_, at) => [text, nameOf(axis, at, true)].filter((part) => part !== '').join(' · ')),
      ),
    [''],
  );
}

function nameOf(axis: BatchAxis, at: number, named: boolean): string {
  const value = String(axis.values[at] ?? '')
    .replace(/\s+/g, ' ')
    .trim();
  const text = value.length > MAX_LABEL ? `${value.slice(0, MAX_LABEL - 1)}…` : value;
  return named ? `${axis.label}: ${text}` : text;
}

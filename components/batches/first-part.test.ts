import { expect, it } from 'vitest';
import type { BatchPlan } from '../../lib/workflow/batch/batch-plan.ts';
import { sheetOf, type Sheet } from '../../lib/workflow/batch/sheet-of.ts';
import { firstPart } from './first-part.ts';

const axis = (label: string, count: number) => ({
  ...{ nodeId: '1', input: label, label },
  values: Array.from({ length: count }, (_, at) => at),
});
const plan = (axes: BatchPlan['axes'], count = 1): BatchPlan => ({
  ...{ axes, count, mode: 'grid', seeds: 'fixed', seedFields: [] },
});
const jobsOf = (sheet: Sheet) =>
  (sheet.kind === 'strip' ? sheet.places : sheet.tables.flatMap(({ rows }) => rows.flatMap(({ places }) => places)))
    .flatMap(({ jobs }) => jobs)
    .toSorted((a, b) => a - b);

it.each([
  ['a strip', plan([], 1000)],
  ['a strip with runs', plan([axis('a', 2)], 500)],
  ['a table', plan([axis('a', 40), axis('b', 25)])],
  ['a table of one long row', plan([axis('a', 1), axis('b', 1000)])],
  ['many tables', plan([axis('a', 100), axis('b', 2), axis('c', 5)])],
])('B463 the first part of %s has the first jobs, and as many columns as cells', (_, given) => {
  const sheet = sheetOf(given);
  for (const end of [1, 24, 30, 999]) {
    const part = firstPart(sheet, end);
    expect(jobsOf(part)).toEqual(Array.from({ length: end }, (_job, place) => place));
    if (part.kind === 'strip') continue;
    for (const { columns, rows } of part.tables) expect(columns.length).toBe(rows[0]?.places.length);
  }
  expect(firstPart(sheet, Infinity)).toEqual(sheet);
});

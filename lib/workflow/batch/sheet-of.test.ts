import { expect, it } from 'vitest';
import { batchPlanSchema } from './batch-plan.ts';
import { expandPlan } from './expand-plan.ts';
import { sheetOf } from './sheet-of.ts';

const axis = (input: string, ...values: (string | number)[]) => ({
  nodeId: '1',
  input,
  label: input.toUpperCase(),
  values,
});
const planOf = (axes: ReturnType<typeof axis>[], more = {}) => batchPlanSchema.parse({ axes, seeds: 'fixed', ...more });

it('B418 without an axis the sheet has the jobs one after another, with one a place for each value', () => {
  expect(sheetOf(planOf([], { count: 3 }))).toEqual({
    kind: 'strip',
    places: [0, 1, 2].map((job) => ({ label: '', jobs: [job] })),
  });
  expect(sheetOf(planOf([axis('cfg', 5, 6)], { count: 2 }))).toEqual({
    kind: 'strip',
    places: [
      { label: '5', jobs: [0, 1] },
      { label: '6', jobs: [2, 3] },
    ],
  });
  const zipped = sheetOf(planOf([axis('cfg', 5, 6), axis('steps', 10, 20)], { mode: 'zip' }));
  expect(zipped).toMatchObject({
    places: [{ label: 'CFG: 5 · STEPS: 10' }, { label: 'CFG: 6 · STEPS: 20', jobs: [1] }],
  });
});

it('B418 two axes make a table, further ones a table each, and every job stands where its values are', () => {
  const plan = planOf([axis('a', 'x', 'y'), axis('b', 1, 2, 3), axis('c', 7, 8)], { count: 2 });
  const sheet = sheetOf(plan);
  if (sheet.kind !== 'tables') throw new Error('it has tables');
  expect([sheet.rowAxis, sheet.columnAxis]).toEqual(['B', 'C']);
  expect(sheet.tables.map(({ title, columns, rows }) => [title, columns, rows.map(({ label }) => label)])).toEqual([
    ['A: x', ['7', '8'], ['1', '2', '3']],
    ['A: y', ['7', '8'], ['1', '2', '3']],
  ]);
  const members = expandPlan(plan, { '1': { class_type: 'X', inputs: {} } }, () => 0);
  const places = sheet.tables.flatMap(({ rows }) => rows.flatMap((row) => row.places));
  expect(places.flatMap(({ jobs }) => jobs)).toEqual(members.map(({ index }) => index));
  for (const { label, jobs } of places)
    for (const job of jobs) {
      const words = members[job]?.values.map(({ input, value }) => `${input.toUpperCase()}: ${value}`).join(' · ');
      expect(label).toBe(words);
    }
});

it('B418 a long value is cut where it labels a place', () => {
  const sheet = sheetOf(planOf([axis('text', `${'word '.repeat(40)}end`, 'b')]));
  expect(sheet).toMatchObject({ places: [{ label: expect.stringMatching(/^(word ){11}word…$/) }, { label: 'b' }] });
});

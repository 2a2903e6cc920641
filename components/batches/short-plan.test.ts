import { expect, it } from 'vitest';
import type { BatchPlan } from '../../lib/workflow/batch/batch-plan.ts';
import { sheetOf } from '../../lib/workflow/batch/sheet-of.ts';
import { shortPlan } from './short-plan.ts';

it('B463 a plan of long values is small, and gives the sheet that the whole plan gives', () => {
  const text = (length: number, space: string) => `a${space.repeat(length)}b ${'long '.repeat(3000)}`;
  const values = [text(1, ' '), text(200, ' '), text(200, '\n'), 'short', '', 7, true, 'x'.repeat(61)];
  const axis = { nodeId: '1', input: 'text', label: 'Prompt', values };
  const plan: BatchPlan = { axes: [axis, axis], mode: 'grid', count: 2, seeds: 'random', seedFields: [] };
  const short = shortPlan(plan);
  expect(sheetOf(short)).toEqual(sheetOf(plan));
  expect(JSON.stringify(short).length).toBeLessThan(2000);
  expect(short.axes[0]?.values.slice(5, 7)).toEqual([7, true]);
});

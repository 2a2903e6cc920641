import type { BatchAxis, BatchPlan } from '../../lib/workflow/batch/batch-plan.ts';

/** More characters of a value than the sheet shows. */
const ENOUGH = 100;

/** The plan with as much of its values as their labels need: a batch of prompts would make its page megabytes. */
export function shortPlan(plan: BatchPlan): BatchPlan {
  return { ...plan, axes: plan.axes.map((axis) => ({ ...axis, values: axis.values.map(shortValue) })) };
}

function shortValue(value: BatchAxis['values'][number]): BatchAxis['values'][number] {
  if (typeof value !== 'string' || value.length <= ENOUGH) return value;
  return value.replace(/\s+/g, ' ').trim().slice(0, ENOUGH);
}

import type { BatchAxis, BatchPlan, SeedMode } from '../../lib/workflow/batch/batch-plan.ts';
import { planProblem, planSize } from '../../lib/workflow/batch/expand-plan.ts';
import { parseSweepValues, type SweepKind } from '../../lib/workflow/batch/sweep-values.ts';
import type { FormField } from '../../lib/workflow/form/form-field.ts';
import type { Prompt } from '../../lib/workflow/prompt.ts';

/** What a person asks for beyond one job, as it is being written. */
export interface BatchWish {
  runs: number;
  /** Undefined until it is chosen: one run keeps its seed, several get a new one each. */
  seeds?: SeedMode;
  mode: 'grid' | 'zip';
  sweeps: readonly { id: number; key: string; text: string }[];
}
export const NO_BATCH: BatchWish = { runs: 1, mode: 'grid', sweeps: [] };

/** The plan of a wish and how many jobs it makes; or what is wrong, by sweep or of the whole. */
export interface WishedPlan {
  plan: BatchPlan;
  jobs: number;
  /** By a sweep's id. */
  faults: ReadonlyMap<number, string>;
  fault?: string;
}

export function seedModeOf({ seeds, runs }: BatchWish): SeedMode {
  return seeds ?? (runs > 1 ? 'random' : 'fixed');
}

/** `labelOf` names a field on the sheet of results. Random and counted seeds are those of all fields that are seeds. */
export function planOf(
  wish: BatchWish,
  fields: readonly FormField[],
  prompt: Prompt,
  labelOf: (field: FormField) => string,
): WishedPlan {
  const faults = new Map<number, string>();
  const axes: BatchAxis[] = [];
  for (const { id, key, text } of wish.sweeps) {
    const field = fields.find((one) => one.key === key);
    if (!field) continue;
    const read = readSweep(field, text);
    if ('error' in read) faults.set(id, read.error);
    else
      axes.push({ nodeId: field.nodeId, input: field.input, label: labelOf(field).slice(0, 200), values: read.values });
  }
  const seedFields = fields.filter(({ role }) => role === 'seed').slice(0, 50);
  const plan: BatchPlan = {
    axes,
    mode: wish.mode,
    count: wish.runs,
    seeds: seedModeOf(wish),
    seedFields: seedFields.map(({ nodeId, input }) => ({ nodeId, input })),
  };
  const problem = faults.size === 0 ? planProblem(plan, prompt) : undefined;
  return { plan, jobs: planSize(plan), faults, ...(problem && { fault: problem.message }) };
}

function sweepKind({ control }: FormField): SweepKind {
  if (control.kind === 'number') return control.integer ? 'integer' : 'number';
  return control.kind === 'file' ? 'choice' : control.kind;
}

function readSweep(field: FormField, text: string): { values: BatchAxis['values'] } | { error: string } {
  const read = parseSweepValues(text, sweepKind(field));
  if ('error' in read) return read;
  const { control } = field;
  if (control.kind === 'number') {
    const { min = -Infinity, max = Infinity } = control;
    const outside = read.values.find((value) => Number(value) < min || Number(value) > max);
    if (outside !== undefined) return { error: `${outside} is out of the range of ${field.label}, ${min} to ${max}.` };
  }
  if (control.kind === 'choice' && control.choices.length > 0) {
    const strange = read.values.find((value) => !control.choices.includes(String(value)));
    if (strange !== undefined) return { error: `“${strange}” is none of the choices of ${field.label}.` };
  }
  const isNumber = typeof field.value === 'number';
  return { values: control.kind === 'choice' && isNumber ? read.values.map(Number) : read.values };
}

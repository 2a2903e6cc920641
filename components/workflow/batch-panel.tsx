'use client';
import { Plus } from 'lucide-react';
import { MAX_BATCH_AXES, MAX_BATCH_JOBS, seedModeSchema } from '../../lib/workflow/batch/batch-plan.ts';
import type { FormField } from '../../lib/workflow/form/form-field.ts';
import { Button } from '../ui/button.tsx';
import { Field, fieldClass } from '../ui/field.tsx';
import { Problem } from '../ui/problem.tsx';
import { seedModeOf, type BatchWish, type WishedPlan } from './batch-wish.ts';
import { SweepRow } from './sweep-row.tsx';

const SEED_WORDS = { random: 'New random ones', fixed: 'As they are', increment: 'Count up' } as const;

/** How many jobs are made of the workflow: runs, seeds, and fields that take several values in turn. */
export function BatchPanel({
  wish,
  wished,
  fields,
  labelOf,
  estimate,
  onWish,
}: {
  wish: BatchWish;
  wished: WishedPlan;
  fields: readonly FormField[];
  labelOf: (field: FormField) => string;
  /** How long it will take, where that can be said. */
  estimate: string | undefined;
  onWish: (wish: BatchWish) => void;
}) {
  const hasSeeds = wished.plan.seedFields.length > 0;
  const swept = new Set(wish.sweeps.map(({ key }) => key));
  const next =
    fields.find((field) => field.shown && !swept.has(field.key)) ?? fields.find(({ key }) => !swept.has(key));
  return (
    <section aria-labelledby="runs" className="grid gap-3 border-t pt-4">
      <h2 id="runs" className="font-semibold">
        Runs
      </h2>
      <div className="grid grid-cols-1 gap-x-4 gap-y-3 sm:grid-cols-2">
        <Field label={wish.sweeps.length > 0 ? 'Runs of each' : 'How many'}>
          <input
            className={fieldClass}
            type="number"
            min={1}
            max={MAX_BATCH_JOBS}
            value={wish.runs}
            onChange={(event) =>
              onWish({
                ...wish,
                runs: Math.min(Math.max(Math.round(event.target.valueAsNumber) || 1, 1), MAX_BATCH_JOBS),
              })
            }
          />
        </Field>
        <Field label="Seeds" {...(!hasSeeds && { hint: 'The workflow has none' })}>
          <select
            className={fieldClass}
            disabled={!hasSeeds}
            value={seedModeOf(wish)}
            onChange={(event) => onWish({ ...wish, seeds: seedModeSchema.parse(event.target.value) })}
          >
            {seedModeSchema.options.map((mode) => (
              <option key={mode} value={mode}>
                {SEED_WORDS[mode]}
              </option>
            ))}
          </select>
        </Field>
      </div>
      {wish.sweeps.map((sweep) => (
        <SweepRow
          key={sweep.id}
          sweep={sweep}
          fields={fields}
          taken={swept}
          labelOf={labelOf}
          fault={wished.faults.get(sweep.id)}
          onChange={(changed) =>
            onWish({ ...wish, sweeps: wish.sweeps.map((one) => (one.id === sweep.id ? { ...one, ...changed } : one)) })
          }
          onRemove={() => onWish({ ...wish, sweeps: wish.sweeps.filter((one) => one.id !== sweep.id) })}
        />
      ))}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        {next && wish.sweeps.length < MAX_BATCH_AXES && (
          <Button
            size="small"
            onClick={() => {
              const id = 1 + Math.max(0, ...wish.sweeps.map((one) => one.id));
              onWish({ ...wish, sweeps: [...wish.sweeps, { id, key: next.key, text: '' }] });
            }}
          >
            <Plus size={14} aria-hidden /> {wish.sweeps.length === 0 ? 'Sweep an input' : 'Sweep another'}
          </Button>
        )}
        {wish.sweeps.length > 1 && (
          <label className="flex items-center gap-2">
            <span className="text-muted">Values are taken</span>
            <select
              className="h-7 rounded-md border border-edge bg-surface px-2 max-sm:h-10"
              value={wish.mode}
              onChange={(event) => onWish({ ...wish, mode: event.target.value === 'zip' ? 'zip' : 'grid' })}
            >
              <option value="grid">in every combination</option>
              <option value="zip">side by side</option>
            </select>
          </label>
        )}
      </div>
      <Problem text={wished.fault} />
      {wished.jobs > 1 && wished.faults.size === 0 && !wished.fault && (
        <p role="status">
          <span className="font-medium">{wished.jobs.toLocaleString('en')} jobs</span>
          {estimate && <span className="text-muted">, {estimate}</span>}
        </p>
      )}
    </section>
  );
}

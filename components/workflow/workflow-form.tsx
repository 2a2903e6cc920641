'use client';
import { useMemo, useState } from 'react';
import type { FormField, FormValues } from '../../lib/workflow/form/form-field.ts';
import type { WorkflowProblem } from '../../lib/workflow/preflight/problem.ts';
import { Button } from '../ui/button.tsx';
import { AllInputs } from './all-inputs.tsx';
import { FieldRow, type FieldActions } from './field-row.tsx';
import { heldBy } from './use-form-values.ts';

/** More fields than these are shown on demand: a workflow of thousands of nodes stays quick. */
const SHOWN_AT_ONCE = 40;

/** The inputs worth changing, then all others one click away. What is wrong or was edited is always in sight. */
export function WorkflowForm({
  fields,
  values,
  problems,
  picked,
  actions,
  onResetAll,
}: {
  fields: readonly FormField[];
  values: FormValues;
  /** By the field they are about. */
  problems: ReadonlyMap<string, WorkflowProblem>;
  /** A node whose inputs a person wants to see, where none of them is in sight. */
  picked: { id: string } | undefined;
  actions: FieldActions;
  onResetAll: () => void;
}) {
  const [limit, setLimit] = useState(SHOWN_AT_ONCE);
  const first = useMemo(() => fields.filter((field) => field.shown || problems.has(field.key)), [fields, problems]);
  const rest = useMemo(() => fields.filter((field) => !field.shown && !problems.has(field.key)), [fields, problems]);
  const twins = useMemo(() => sameNames(first), [first]);
  const edited = Object.keys(values).length;
  return (
    <section aria-labelledby="inputs" className="grid gap-4">
      <div className="flex min-h-8 items-center justify-between gap-4">
        <h2 id="inputs" className="font-semibold">
          Inputs
        </h2>
        {edited > 0 && (
          <Button tone="quiet" size="small" onClick={onResetAll}>
            Reset {edited === 1 ? '1 edit' : `all ${edited} edits`}
          </Button>
        )}
      </div>
      {first.length === 0 && (
        <p className="text-muted">Nothing here is what people usually change; all inputs are below.</p>
      )}
      <div className="grid grid-cols-1 gap-x-4 gap-y-3 sm:grid-cols-2">
        {first.slice(0, limit).map((field) => (
          <FieldRow
            key={field.key}
            field={field}
            {...heldBy(field, values)}
            problem={problems.get(field.key)}
            showsNode={twins.has(field.label)}
            actions={actions}
          />
        ))}
      </div>
      {first.length > limit && (
        <Button className="justify-self-start" size="small" onClick={() => setLimit((now) => now + SHOWN_AT_ONCE * 2)}>
          Show more of {first.length} inputs
        </Button>
      )}
      {rest.length > 0 && <AllInputs fields={rest} values={values} picked={picked} actions={actions} />}
    </section>
  );
}

/** Labels that stand more than once. */
export function sameNames(fields: readonly FormField[]): ReadonlySet<string> {
  const seen = new Set<string>();
  return new Set(fields.flatMap(({ label }) => (seen.has(label) ? [label] : (seen.add(label), []))));
}

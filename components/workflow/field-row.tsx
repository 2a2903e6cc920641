'use client';
import clsx from 'clsx';
import { RotateCcw } from 'lucide-react';
import { memo, useId } from 'react';
import type { FormField } from '../../lib/workflow/form/form-field.ts';
import type { WorkflowProblem } from '../../lib/workflow/preflight/problem.ts';
import { FieldInput } from './field-input.tsx';

export interface FieldActions {
  change: (field: FormField, value: unknown) => void;
  reset: (field: FormField) => void;
  focus: (field: FormField) => void;
}

/** One input with its label: whether it was edited, what is wrong with it, and a way back. */
export const FieldRow = memo(function FieldRow({
  field,
  value,
  edited,
  problem,
  showsNode,
  actions,
}: {
  field: FormField;
  value: unknown;
  edited: boolean;
  problem?: WorkflowProblem | undefined;
  /** Whether the node's name is said too, as another field is called the same. */
  showsNode: boolean;
  actions: FieldActions;
}) {
  const id = useId();
  const problemId = `${id}-problem`;
  const { closest } = problem ?? {};
  return (
    <div
      data-field={field.key}
      className={clsx('grid min-w-0 grid-cols-1 content-start gap-1', isWide(field) && 'sm:col-span-2')}
      onFocus={() => actions.focus(field)}
    >
      <div className="flex min-h-6 items-center gap-2">
        <label htmlFor={id} className="min-w-0 truncate font-medium" title={`${field.nodeLabel}, ${field.input}`}>
          {field.label}
          {showsNode && <span className="font-normal text-muted">{` · ${field.nodeLabel} #${field.nodeId}`}</span>}
        </label>
        {edited && (
          <span className="ml-auto inline-flex shrink-0 items-center gap-1 text-xs text-accent">
            <span aria-hidden className="size-1.5 rounded-full bg-accent" />
            Edited
            <button
              type="button"
              className="rounded p-1 text-muted hover:bg-raised hover:text-ink"
              aria-label={`Reset ${field.label}`}
              onClick={() => actions.reset(field)}
            >
              <RotateCcw size={12} aria-hidden />
            </button>
          </span>
        )}
      </div>
      <FieldInput
        id={id}
        field={field}
        value={value}
        invalid={problem !== undefined}
        describedBy={problem ? problemId : undefined}
        onChange={(next) => actions.change(field, next)}
      />
      {problem && (
        <p id={problemId} className="text-xs break-words text-bad">
          {problem.message}
          {closest !== undefined && field.control.kind !== 'number' && (
            <button
              type="button"
              className="ml-1 font-medium text-accent underline"
              onClick={() => actions.change(field, closest)}
            >
              Use {closest}
            </button>
          )}
        </p>
      )}
    </div>
  );
});

/** Texts and files take the whole width. */
function isWide({ control, role }: FormField): boolean {
  return (control.kind === 'text' && control.multiline) || control.kind === 'file' || role === 'model';
}

'use client';
import { X } from 'lucide-react';
import { useId } from 'react';
import type { FormField } from '../../lib/workflow/form/form-field.ts';
import { Button } from '../ui/button.tsx';
import { fieldClass } from '../ui/field.tsx';
import type { BatchWish } from './batch-wish.ts';

type Sweep = BatchWish['sweeps'][number];
/** Longer lists than this are not offered whole. */
const MAX_ALL = 50;
/** More fields than these make no list to choose from. */
const MAX_FIELDS = 200;

/** One input that takes several values in turn. */
export function SweepRow(props: {
  sweep: Sweep;
  fields: readonly FormField[];
  taken: ReadonlySet<string>;
  labelOf: (field: FormField) => string;
  fault: string | undefined;
  onChange: (changed: Partial<Sweep>) => void;
  onRemove: () => void;
}) {
  const { sweep, fields, taken, labelOf, fault } = props;
  const id = useId();
  const field = fields.find(({ key }) => key === sweep.key);
  const offered = fields.filter((one, at) => one.key === sweep.key || (at < MAX_FIELDS && !taken.has(one.key)));
  const choices = field?.control.kind === 'choice' || field?.control.kind === 'file' ? field.control.choices : [];
  return (
    <div className="grid gap-1">
      <div className="flex gap-2">
        <select
          aria-label="Input to sweep"
          className={fieldClass}
          value={sweep.key}
          onChange={(event) => props.onChange({ key: event.target.value, text: '' })}
        >
          {offered.map((one) => (
            <option key={one.key} value={one.key}>
              {labelOf(one)}
            </option>
          ))}
        </select>
        <Button tone="quiet" size="icon" aria-label="Remove this sweep" onClick={props.onRemove}>
          <X size={15} aria-hidden />
        </Button>
      </div>
      <textarea
        aria-label={`Values of ${field ? labelOf(field) : 'the input'}`}
        aria-invalid={fault !== undefined && sweep.text !== ''}
        aria-describedby={id}
        className="field-sizing-content max-h-60 min-h-8 w-full rounded-md border border-edge bg-surface px-2.5 py-1.5 max-sm:text-base"
        rows={1}
        value={sweep.text}
        placeholder={field ? exampleOf(field) : ''}
        onChange={(event) => props.onChange({ text: event.target.value })}
      />
      <p id={id} className="text-xs text-muted">
        {fault !== undefined && sweep.text !== '' ? <span className="text-bad">{fault}</span> : hintOf(field)}
        {choices.length > 1 && choices.length <= MAX_ALL && (
          <button
            type="button"
            className="ml-2 font-medium text-accent hover:underline"
            onClick={() => props.onChange({ text: choices.join('\n') })}
          >
            All {choices.length}
          </button>
        )}
      </p>
    </div>
  );
}

function exampleOf({ control, value }: FormField): string {
  if (control.kind === 'number') return control.integer ? '10, 20, 30 or 10..30 step 10' : '0.2, 0.5 or 0..1 in 5';
  if (control.kind === 'switch') return 'on, off';
  if (control.kind === 'choice' && control.choices.length > 1) return control.choices.slice(0, 3).join(', ');
  return String(value).slice(0, 60);
}

function hintOf(field: FormField | undefined): string {
  return field?.control.kind === 'number' ? 'A list or a range.' : 'One a line, or with commas between.';
}

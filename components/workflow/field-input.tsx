'use client';
import clsx from 'clsx';
import { Dices } from 'lucide-react';
import type { FormField } from '../../lib/workflow/form/form-field.ts';
import { UploadField } from '../uploads/upload-field.tsx';
import { Button } from '../ui/button.tsx';
import { Combobox } from '../ui/combobox.tsx';
import { fieldClass } from '../ui/field.tsx';
import { NumberField } from './number-field.tsx';

/** More than these are searched, not looked through. */
const MAX_PLAIN_CHOICES = 12;
/** ComfyUI takes seeds up to 2^64 − 1, of which a number here keeps those below 2^53. */
const SEED_LIMIT = 2 ** 48;

interface FieldInputProps {
  id: string;
  field: FormField;
  value: unknown;
  onChange: (value: unknown) => void;
  invalid: boolean;
  describedBy?: string | undefined;
}

/** What one input of a workflow is edited with. */
export function FieldInput(props: FieldInputProps) {
  const { id, field, value, onChange, invalid, describedBy } = props;
  const { control } = field;
  const common = { id, invalid, describedBy };
  switch (control.kind) {
    case 'text':
      return <TextInput {...props} multiline={control.multiline} />;
    case 'number':
      return (
        <div className="flex gap-1">
          <NumberField
            {...common}
            className="min-w-0 flex-1"
            value={Number(value)}
            control={control}
            onChange={onChange}
          />
          {field.role === 'seed' && (
            <Button
              size="icon"
              aria-label={`New random ${field.label.toLowerCase()}`}
              onClick={() => onChange(Math.floor(Math.random() * Math.min(SEED_LIMIT, control.max ?? SEED_LIMIT)))}
            >
              <Dices size={15} aria-hidden />
            </Button>
          )}
        </div>
      );
    case 'switch':
      return (
        <input
          id={id}
          type="checkbox"
          className="my-2 size-4 accent-(--color-accent-fill)"
          checked={value === true}
          aria-describedby={describedBy}
          onChange={(event) => onChange(event.target.checked)}
        />
      );
    case 'file':
      return (
        <UploadField
          id={id}
          label={field.label}
          value={String(value)}
          accepts={control.accepts}
          choices={control.choices}
          onChange={onChange}
        />
      );
    case 'choice':
      return <ChoiceInput {...props} choices={control.choices} />;
  }
}

function TextInput({ id, value, onChange, invalid, describedBy, multiline }: FieldInputProps & { multiline: boolean }) {
  const shared = {
    id,
    value: String(value),
    'aria-invalid': invalid,
    'aria-describedby': describedBy,
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
  };
  if (!multiline) return <input {...shared} className={clsx(fieldClass, invalid && 'border-bad')} />;
  return (
    <textarea
      {...shared}
      rows={3}
      className={clsx(
        'field-sizing-content max-h-80 min-h-20 w-full resize-y rounded-md border bg-surface px-2.5 py-1.5 max-sm:text-base',
        invalid ? 'border-bad' : 'border-edge',
      )}
    />
  );
}

function ChoiceInput({
  id,
  field,
  value,
  onChange,
  invalid,
  describedBy,
  choices,
}: FieldInputProps & { choices: readonly string[] }) {
  const current = String(value);
  const known = choices.includes(current);
  const options = known ? choices : [current, ...choices];
  // A choice keeps the kind of value that the workflow has there.
  const choose = (text: string) => onChange(typeof field.value === 'number' ? Number(text) : text);
  if (choices.length > MAX_PLAIN_CHOICES)
    return (
      <Combobox
        id={id}
        label={field.label}
        value={current}
        options={options}
        onChange={choose}
        invalid={invalid}
        describedBy={describedBy}
      />
    );
  return (
    <select
      id={id}
      className={clsx(fieldClass, invalid && 'border-bad')}
      value={current}
      aria-invalid={invalid}
      aria-describedby={describedBy}
      onChange={(event) => choose(event.target.value)}
    >
      {options.map((option) => (
        <option key={option} value={option}>
          {option}
        </option>
      ))}
    </select>
  );
}

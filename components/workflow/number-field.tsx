'use client';
import clsx from 'clsx';
import { useState } from 'react';
import type { FieldControl } from '../../lib/workflow/form/form-field.ts';
import { fieldClass } from '../ui/field.tsx';

type NumberControl = Extract<FieldControl, { kind: 'number' }>;

/**
 * A number as it is typed. What is no number yet is not passed on: when the field is left, it shows what is used again.
 * Whether a number is in its range is judged by the pods, in their words.
 */
export function NumberField(props: {
  id: string;
  value: number;
  control: NumberControl;
  onChange: (value: number) => void;
  invalid: boolean;
  describedBy?: string | undefined;
  className?: string;
}) {
  const { control, value } = props;
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <input
      id={props.id}
      type="number"
      inputMode={control.integer ? 'numeric' : 'decimal'}
      className={clsx(fieldClass, props.className, props.invalid && 'border-bad')}
      value={typed ?? shownNumber(value)}
      min={control.min}
      max={control.max}
      step={control.step ?? (control.integer ? 1 : 'any')}
      aria-invalid={props.invalid}
      aria-describedby={props.describedBy}
      onChange={(event) => {
        const number = event.target.valueAsNumber;
        const usable = Number.isFinite(number) && (!control.integer || Number.isSafeInteger(number));
        setTyped(event.target.value);
        if (usable) props.onChange(number);
      }}
      onBlur={() => setTyped(null)}
    />
  );
}

/** Without what a sum of fractions leaves behind: 1.0000000000000002 is 1. */
function shownNumber(value: number): string {
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(12)));
}

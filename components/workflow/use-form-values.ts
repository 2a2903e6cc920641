'use client';
import { useCallback, useState } from 'react';
import type { FormField, FormValues } from '../../lib/workflow/form/form-field.ts';

/** What was edited, by field; a value that is the workflow's own again is no edit. */
export function useFormValues() {
  const [values, setValues] = useState<FormValues>({});
  const change = useCallback(
    (field: FormField, value: unknown) =>
      setValues((held) => (value === field.value ? without(held, field.key) : { ...held, [field.key]: value })),
    [],
  );
  const reset = useCallback((field: FormField) => setValues((held) => without(held, field.key)), []);
  return { values, change, reset, setValues };
}

/** What a field holds now: what it was edited to, else what the workflow has. */
export function heldBy(field: FormField, values: FormValues): { value: unknown; edited: boolean } {
  const edited = Object.hasOwn(values, field.key);
  return { edited, value: edited ? values[field.key] : field.value };
}

function without(values: FormValues, key: string): FormValues {
  if (!(key in values)) return values;
  const { [key]: _, ...rest } = values;
  return rest;
}

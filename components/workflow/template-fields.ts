import type { FormField } from '../../lib/workflow/form/form-field.ts';
import type { Origin } from './use-intake.ts';

/** The fields that a template shows first, in its order and under its names, and the others behind them. */
export function orderedByTemplate(fields: FormField[], chosen: Origin['fields']): FormField[] {
  if (!chosen) return fields;
  const byKey = new Map(fields.map((field) => [field.key, field]));
  const first = chosen.flatMap(({ key, label }) => {
    const field = byKey.get(key);
    byKey.delete(key);
    return field ? [{ ...field, shown: true, ...(label && { label }) }] : [];
  });
  return [...first, ...[...byKey.values()].map((field) => ({ ...field, shown: false }))];
}

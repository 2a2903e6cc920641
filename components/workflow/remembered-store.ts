import { readRemembered, writeRemembered } from '../../lib/workflow/form/remembered-values.ts';
import type { FormValues } from '../../lib/workflow/form/form-field.ts';

const KEY = 'podium.submitted';

/** What this browser keeps of workflows that were submitted; null where it keeps nothing or may not. */
export function heldText(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** Keeps the values for the next time the same workflow is opened. A browser that cannot keep them forgets them. */
export function keepValues(last: { key: string; values: FormValues; name: string }): void {
  try {
    localStorage.setItem(KEY, writeRemembered(readRemembered(heldText()), last));
  } catch {
    // Storage is full or forbidden: the form works without it.
  }
}

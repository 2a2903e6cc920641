import type { ReactNode } from 'react';

/** The look of a text field or a choice. */
export const fieldClass =
  'w-full rounded-md border border-edge bg-surface px-2.5 text-ink placeholder:text-muted h-8 max-sm:h-10 max-sm:text-base';

/** A labelled field with a line that explains it. */
export function Field({ label, hint, children }: { label: string; hint?: string; children: ReactNode }) {
  return (
    <label className="grid content-start gap-1">
      <span className="font-medium">{label}</span>
      {children}
      {hint && <span className="text-xs text-muted">{hint}</span>}
    </label>
  );
}

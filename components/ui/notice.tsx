import clsx from 'clsx';
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

const TONES = {
  plain: 'border-line bg-surface [--icon:var(--color-muted)]',
  warn: 'border-warn/40 bg-warn-soft [--icon:var(--color-warn)]',
  bad: 'border-bad/40 bg-bad-soft [--icon:var(--color-bad)]',
} as const;

/** A framed message: an icon, what it is, what to do. */
export function Notice(props: {
  tone: keyof typeof TONES;
  Icon: LucideIcon;
  children: ReactNode;
  role?: 'alert' | 'status';
  label?: string;
}) {
  return (
    <section
      className={clsx('flex gap-3 rounded-lg border p-4', TONES[props.tone])}
      role={props.role}
      aria-label={props.label}
    >
      <props.Icon size={18} aria-hidden className="mt-px shrink-0 text-(--icon)" />
      <div className="min-w-0 flex-1">{props.children}</div>
    </section>
  );
}

import clsx from 'clsx';
import type { ComponentProps } from 'react';

const TONES = {
  plain: 'border border-line bg-surface hover:bg-raised',
  primary: 'bg-accent-fill text-white hover:bg-accent-fill-hover',
  quiet: 'text-muted hover:bg-raised hover:text-ink',
} as const;
export type Tone = keyof typeof TONES;

/** The look of a button, for links that act as one. */
export function buttonClass(tone: Tone = 'plain', className?: string): string {
  return clsx(
    'inline-flex h-8 shrink-0 items-center justify-center gap-1.5 rounded-md px-3 font-medium whitespace-nowrap',
    'transition-colors max-sm:h-10 disabled:pointer-events-none disabled:text-muted disabled:bg-raised',
    TONES[tone],
    className,
  );
}

export function Button({ tone = 'plain', className, ...rest }: ComponentProps<'button'> & { tone?: Tone }) {
  return <button type="button" className={buttonClass(tone, className)} {...rest} />;
}

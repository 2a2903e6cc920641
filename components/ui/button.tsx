import clsx from 'clsx';
import type { ComponentProps } from 'react';

const TONES = {
  plain: 'border border-line bg-surface hover:bg-raised',
  primary: 'bg-accent-fill text-white hover:bg-accent-fill-hover',
  quiet: 'text-muted hover:bg-raised hover:text-ink',
} as const;
const SIZES = {
  normal: 'h-8 gap-1.5 px-3 max-sm:h-10',
  small: 'h-7 gap-1.5 px-2.5 text-xs max-sm:h-10',
  icon: 'size-8 max-sm:size-10',
} as const;
export interface ButtonLook {
  tone?: keyof typeof TONES;
  size?: keyof typeof SIZES;
  className?: string | undefined;
}

/** The look of a button, for links that act as one. Targets grow on narrow screens, which are touched. */
export function buttonClass({ tone = 'plain', size = 'normal', className }: ButtonLook = {}): string {
  return clsx(
    'inline-flex shrink-0 items-center justify-center rounded-md font-medium whitespace-nowrap transition-colors',
    'disabled:pointer-events-none disabled:bg-raised disabled:text-muted',
    TONES[tone],
    SIZES[size],
    className,
  );
}

export function Button({ tone, size, className, ...rest }: ComponentProps<'button'> & ButtonLook) {
  const look = { ...(tone && { tone }), ...(size && { size }), className };
  return <button type="button" className={buttonClass(look)} {...rest} />;
}

import clsx from 'clsx';
import type { ComponentProps } from 'react';

export function Button({
  tone = 'plain',
  className,
  ...rest
}: ComponentProps<'button'> & { tone?: 'plain' | 'primary' }) {
  return (
    <button type="button" className={clsx('button', tone === 'primary' && 'button-primary', className)} {...rest} />
  );
}

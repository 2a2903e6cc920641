import clsx from 'clsx';

/** `percent` 0–100. `label` says of what. */
export function ProgressBar({ percent, label, className }: { percent: number; label: string; className?: string }) {
  return <progress className={clsx('bar', className)} max={100} value={percent} aria-label={label} />;
}

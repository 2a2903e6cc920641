import clsx from 'clsx';

/** A grey place where something will be. */
export function Skeleton({ className }: { className: string }) {
  return <div className={clsx('rounded bg-raised motion-safe:animate-pulse', className)} />;
}

/** A page's face while its first snapshot is fetched. */
export function Loading({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div role="status" aria-label={label}>
      {children}
    </div>
  );
}

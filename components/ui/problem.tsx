import clsx from 'clsx';

/** Why something that a person asked for did not work, told at once; nothing where it worked. */
export function Problem({ text, className }: { text: string | undefined; className?: string }) {
  if (!text) return null;
  return (
    <p role="alert" className={clsx('text-bad', className)}>
      {text}
    </p>
  );
}

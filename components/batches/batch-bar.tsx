import clsx from 'clsx';
import type { BatchView } from '../../lib/protocol/batches.ts';
import { batchParts, type BatchPart } from './batch-words.ts';

const FILLS: Record<BatchPart['id'], string> = {
  succeeded: 'fill-good',
  running: 'fill-accent',
  failed: 'fill-bad',
  cancelled: 'fill-edge',
  waiting: 'fill-raised',
  gone: 'fill-raised',
};

/** The jobs of a batch as one bar; drawn, since the content policy refuses widths as styles. */
export function BatchBar({ batch, className }: { batch: BatchView; className?: string }) {
  const parts = batchParts(batch);
  const told = parts.map(({ count, word }) => `${count} ${word}`).join(', ');
  const before = (at: number) => parts.slice(0, at).reduce((sum, { count }) => sum + count, 0);
  return (
    <svg
      role="img"
      aria-label={`Jobs of ${batch.name}: ${told}`}
      className={clsx('block h-2 w-full overflow-hidden rounded-full bg-raised', className)}
      viewBox={`0 0 ${batch.total} 1`}
      preserveAspectRatio="none"
    >
      {parts.map(({ id, count }, at) => (
        <rect key={id} className={FILLS[id]} x={before(at)} width={count} height={1} />
      ))}
    </svg>
  );
}

/** The same in words, each with the colour of its part. */
export function BatchLegend({ batch }: { batch: BatchView }) {
  return (
    <ul aria-label="Jobs by state" className="flex flex-wrap gap-x-4 gap-y-1">
      {batchParts(batch).map(({ id, word, count }) => (
        <li key={id} className="flex items-center gap-1.5">
          <svg aria-hidden className="size-2.5 rounded-full border border-edge" viewBox="0 0 1 1">
            <rect className={FILLS[id]} width={1} height={1} />
          </svg>
          <span>
            <span className="font-medium">{count.toLocaleString('en')}</span> <span className="text-muted">{word}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

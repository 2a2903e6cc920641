import { LayoutGrid } from 'lucide-react';
import Link from 'next/link';
import { memo } from 'react';
import type { BatchView } from '../../lib/protocol/batches.ts';
import { StateBadge } from '../jobs/state-badge.tsx';
import { TimeAgo } from '../time/time-ago.tsx';
import { BatchActions } from './batch-actions.tsx';
import { BatchBar } from './batch-bar.tsx';
import { batchTrouble, batchWord, jobsText } from './batch-words.ts';

interface RowProps {
  batch: BatchView;
  onAnswer: (batch: BatchView) => void;
}

/** A batch as one row of the job list, with the places that a job has there. */
export const BatchRow = memo(function BatchRow({ batch, onAnswer }: RowProps) {
  const { word, state } = batchWord(batch);
  const badge = { state, word, stopping: false, next: false };
  const trouble = batchTrouble(batch);
  return (
    <li className="group relative grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-2 px-3 py-2 transition-colors [contain-intrinsic-size:auto_3.5rem] [content-visibility:auto] focus-within:bg-raised hover:bg-raised md:grid-cols-[auto_minmax(0,3fr)_6.5rem_minmax(8rem,2fr)_4.5rem_5.5rem]">
      <BatchPictures batch={batch} />
      <div className="min-w-0 max-md:col-span-2">
        <Link
          data-job-link
          prefetch={false}
          className="block truncate font-medium max-md:text-base after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
          href={`/batches/${batch.id}`}
        >
          {batch.name}
        </Link>
        <span className="flex items-center gap-1.5 overflow-hidden text-xs whitespace-nowrap text-muted">
          <StateBadge {...badge} size={13} className="md:hidden" />
          <span aria-hidden className="md:hidden">
            ·
          </span>
          <span className="truncate">
            <span className="max-md:hidden">Batch of </span>
            {jobsText(batch.total)}
          </span>
          <span className="md:hidden">
            · <TimeAgo at={batch.createdAt} />
          </span>
        </span>
      </div>
      <StateBadge {...badge} className="max-md:hidden" />
      <div className="grid min-w-0 grid-cols-1 gap-1.5 max-md:col-span-2">
        <BatchBar batch={batch} />
        <span className="flex justify-between gap-2 text-xs text-muted">
          <span className="truncate">
            {trouble || `${batch.counts.succeeded.toLocaleString('en')} of ${batch.total.toLocaleString('en')} done`}
          </span>
          {!batch.ended && <span className="shrink-0 whitespace-nowrap">{Math.floor(batch.progress)} %</span>}
        </span>
      </div>
      <span className="hidden text-right text-xs text-muted md:block">
        <TimeAgo at={batch.createdAt} />
      </span>
      <div className="relative z-10 col-start-3 flex flex-wrap justify-end gap-1 md:col-start-auto">
        <BatchActions batch={batch} onAnswer={onAnswer} size="small" />
      </div>
    </li>
  );
});

/** Up to four small pictures, the newest, or the place for them. */
function BatchPictures({ batch }: { batch: BatchView }) {
  if (batch.pictures.length === 0)
    return (
      <span className="grid size-10 place-items-center rounded-md border border-dashed text-muted">
        <LayoutGrid size={16} aria-hidden strokeWidth={1.5} />
      </span>
    );
  return (
    <span className="grid size-10 grid-cols-2 gap-px overflow-hidden rounded-md bg-raised">
      {batch.pictures.map(({ jobId, index }) => (
        <img
          key={jobId}
          className="size-full object-cover only:col-span-2 only:row-span-2"
          alt=""
          width={20}
          height={20}
          loading="lazy"
          src={`/api/jobs/${jobId}/outputs/${index}/thumbnail?w=96`}
        />
      ))}
    </span>
  );
}

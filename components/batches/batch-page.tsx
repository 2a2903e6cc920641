'use client';
import type { BatchView } from '../../lib/protocol/batches.ts';
import type { BatchAxis } from '../../lib/workflow/batch/batch-plan.ts';
import { useTitle } from '../hooks/use-title.ts';
import { StateBadge } from '../jobs/state-badge.tsx';
import { AgoInSentence } from '../time/time-ago.tsx';
import { BatchActions } from './batch-actions.tsx';
import { BatchBar, BatchLegend } from './batch-bar.tsx';
import { batchWord, jobsText } from './batch-words.ts';
import type { CellJob } from './cell-job.ts';
import { ContactSheet } from './contact-sheet.tsx';
import { useLiveSheet } from './use-live-sheet.ts';

/** One batch: how far the whole is, what can be done about it, and its results by what they differ in. */
export function BatchPage(props: {
  first: BatchView;
  /** In the order of their places. */
  firstJobs: readonly CellJob[];
  /** Whether the batch has no others. */
  areAll: boolean;
}) {
  const { batch, cells, readTo, offer } = useLiveSheet(props);
  const { word, state } = batchWord(batch);
  const percent = Math.floor(batch.progress);
  useTitle(batch.ended ? `${batch.name} · Podium` : `${percent} % ${batch.name} · Podium`);
  return (
    <div className="grid grid-cols-1 gap-5">
      <header className="grid grid-cols-1 gap-3">
        <div className="flex flex-wrap items-start justify-between gap-3">
          <div className="grid min-w-0 gap-1">
            <h1 className="text-xl font-semibold break-words">{batch.name}</h1>
            <p className="flex flex-wrap items-center gap-x-2 text-muted">
              <StateBadge state={state} word={word} stopping={false} next={false} />
              <span>
                <span className="max-sm:hidden">· </span>batch of {jobsText(batch.total)}
                {!batch.ended && ` · ${percent} %`} · submitted <AgoInSentence at={batch.createdAt} />
              </span>
            </p>
          </div>
          <div className="flex flex-wrap gap-2">
            <BatchActions batch={batch} onAnswer={offer} />
          </div>
        </div>
        <BatchBar batch={batch} className="h-3" />
        <BatchLegend batch={batch} />
      </header>
      <section aria-labelledby="sheet" className="grid grid-cols-1 gap-3">
        <h2 id="sheet" className="text-base font-semibold">
          Results
        </h2>
        <Axes batch={batch} />
        <ContactSheet plan={batch.plan} cells={cells} readTo={readTo} />
      </section>
    </div>
  );
}

/** What the jobs differ in. */
function Axes({ batch: { plan } }: { batch: BatchView }) {
  const { axes, mode, count, seeds } = plan;
  const how = mode === 'zip' ? 'side by side' : 'in every combination';
  const seedText = { random: 'a new seed each', fixed: 'the same seed', increment: 'seeds counting up' }[seeds];
  const parts = [
    ...(axes.length > 1 ? [how] : []),
    ...(count > 1 ? [`${count.toLocaleString('en')} runs${axes.length > 0 ? ' each' : ''}`] : []),
    ...(plan.seedFields.length > 0 ? [seedText] : []),
  ];
  if (axes.length === 0 && parts.length === 0) return null;
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-1 text-muted">
      {axes.map((axis, at) => (
        <div key={at} className="flex min-w-0 gap-2">
          <dt className="font-medium text-ink">{axis.label}</dt>
          <dd className="min-w-0 truncate">{rangeText(axis)}</dd>
        </div>
      ))}
      {parts.length > 0 && (
        <div>
          <dt className="sr-only">How</dt>
          <dd>{parts.join(' · ')}</dd>
        </div>
      )}
    </dl>
  );
}

function rangeText({ values }: BatchAxis): string {
  const texts = values.map((value) => String(value));
  const [first = '', last = ''] = [texts[0], texts.at(-1)];
  return texts.join(', ').length <= 60
    ? texts.join(', ')
    : `${texts.length} values, ${first.slice(0, 30)} to ${last.slice(0, 30)}`;
}

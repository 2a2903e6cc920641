'use client';
import { History, X } from 'lucide-react';
import Link from 'next/link';
import { recoveryNews } from '../../lib/jobs/recovery-sentence.ts';
import { recoveryWorthTelling, type RecoveryView } from '../../lib/jobs/recovery-view.ts';
import { useNow } from '../hooks/now-store.tsx';
import { usePolled } from '../hooks/use-polled.ts';
import { AgoInSentence } from '../time/time-ago.tsx';
import { Button } from '../ui/button.tsx';
import { useDismissedRecovery } from './dismissed.ts';
import { pollPauseMs, RECOVERIES_TOLD } from './recovery-query.ts';

const TOLD_FOR_MS = 60 * 60_000;

/** Tells of the last hour's recovery until this browser dismisses it. `podNames` give ids their names. */
export function RecoveryBanner(props: { first: RecoveryView[]; podNames: Record<string, string> }) {
  const { value: recoveries } = usePolled(props.first, (api) => api.recoveries(RECOVERIES_TOLD), pollPauseMs);
  const { dismissed, dismiss } = useDismissedRecovery();
  const recovery = recoveryWorthTelling(recoveries, useNow() - TOLD_FOR_MS);
  if (recovery?.endedAt === undefined || dismissed === null || recovery.id === dismissed) return null;
  const { before, after } = recoveryNews(recovery, (id) => props.podNames[id] ?? id);
  return (
    <aside
      aria-label="What was recovered"
      className="flex items-center gap-3 rounded-lg border bg-surface py-1 pr-1 pl-4"
    >
      <History size={16} aria-hidden className="shrink-0 text-muted" />
      <p className="min-w-0 flex-1 py-1 break-words">
        {before} <AgoInSentence at={recovery.endedAt} />
        {after}{' '}
        <Link className="underline underline-offset-2" href="/recovered">
          See what was recovered
        </Link>
      </p>
      <Button tone="quiet" size="icon" aria-label="Dismiss" onClick={() => dismiss(recovery.id)}>
        <X size={16} aria-hidden />
      </Button>
    </aside>
  );
}

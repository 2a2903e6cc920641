'use client';
import clsx from 'clsx';
import { useLive } from '../hooks/live-store.tsx';

const WORDS = {
  connecting: 'Connecting',
  connected: 'Live',
  disconnected: 'Offline',
  refused: 'Signed out',
  outdated: 'Outdated',
};

/** Whether the page is live, small, in the header. */
export function LiveMark() {
  const { connection } = useLive();
  return (
    <span className="flex items-center gap-1.5 px-1 text-xs text-muted" data-connection={connection}>
      <span
        aria-hidden
        className={clsx('size-2 rounded-full', {
          'bg-good': connection === 'connected',
          'border border-edge': connection === 'connecting',
          'bg-warn': connection !== 'connected' && connection !== 'connecting',
        })}
      />
      {WORDS[connection]}
    </span>
  );
}

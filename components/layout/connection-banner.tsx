'use client';
import { CloudOff, LogIn } from 'lucide-react';
import { useLive } from '../hooks/live-store.tsx';
import { useNow, useZone } from '../hooks/now-store.tsx';
import { tickingText } from '../ui/time-text.ts';

/** A connection that comes back sooner than this was no loss worth a word. */
const QUIET_MS = 1000;

/** Says that the page stands still, since when, and that it catches up by itself. */
export function ConnectionBanner() {
  const { connection, lostAt } = useLive();
  const now = useNow();
  const zone = useZone();
  const shown = lostAt !== null && now - lostAt > QUIET_MS;
  return (
    <div role="status">
      {shown && (
        <p className="flex items-center justify-center gap-2 border-b bg-warn-soft px-4 py-2 text-warn">
          {connection === 'refused' ? <LogIn size={16} aria-hidden /> : <CloudOff size={16} aria-hidden />}
          {connection === 'refused' ? (
            <span>
              Podium wants you to sign in again.{' '}
              <a className="underline" href="/login">
                Sign in
              </a>
            </span>
          ) : (
            <span>
              Podium does not answer. This page shows what it knew{' '}
              <span aria-hidden title={zone === 'local' ? new Date(lostAt).toLocaleTimeString() : undefined}>
                {tickingText(now - lostAt)} ago
              </span>{' '}
              and catches up by itself.
            </span>
          )}
        </p>
      )}
    </div>
  );
}

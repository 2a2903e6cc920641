'use client';
import { CloudOff, LogIn, RefreshCw, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { useLive } from '../hooks/live-store.tsx';
import { useNow } from '../hooks/now-store.tsx';
import { tickingText } from '../time/time-text.ts';

/** A connection that comes back sooner than this was no loss worth a word. */
const QUIET_MS = 1000;

/** Says that the page stands still, since when, and that it catches up by itself. */
export function ConnectionBanner() {
  const { connection, lostAt } = useLive();
  const now = useNow();
  return <div role="status">{lostAt !== null && now - lostAt > QUIET_MS && face(connection, now - lostAt)}</div>;
}

function face(connection: ReturnType<typeof useLive>['connection'], ageMs: number): ReactNode {
  if (connection === 'refused')
    return (
      <Line Icon={LogIn}>
        Podium wants you to sign in again.{' '}
        <button type="button" className="underline" onClick={() => window.location.reload()}>
          Sign in
        </button>
      </Line>
    );
  if (connection === 'outdated')
    return (
      <Line Icon={RefreshCw}>
        Podium was updated.{' '}
        <button type="button" className="underline" onClick={() => window.location.reload()}>
          Load the new page
        </button>
      </Line>
    );
  return (
    <Line Icon={CloudOff}>
      Podium does not answer. You see what was known <span aria-hidden>{tickingText(ageMs)} ago</span>; the page catches
      up by itself.
    </Line>
  );
}

function Line({ Icon, children }: { Icon: LucideIcon; children: ReactNode }) {
  return (
    <p className="flex items-center justify-center gap-2 border-t border-warn/30 bg-warn-soft px-4 py-1.5 text-warn">
      <Icon size={16} aria-hidden className="shrink-0" />
      <span>{children}</span>
    </p>
  );
}

'use client';
import { CloudOff, LogIn, RefreshCw, type LucideIcon } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useLive } from '../hooks/live-store.tsx';
import { useNow } from '../hooks/now-store.tsx';
import { tickingText } from '../time/time-text.ts';

/** A connection that comes back sooner than this was no loss worth a word. */
const QUIET_MS = 1000;

/** Says that the page stands still, since when, and that it catches up by itself. */
export function ConnectionBanner() {
  const { connection, lostAt } = useLive();
  const now = useNow();
  const shown = lostAt !== null && now - lostAt > QUIET_MS;
  const away = shown && connection === 'disconnected';
  const pressed = useHeldLinks(away);
  return (
    <div role="status">
      {shown && connection === 'refused' && (
        <Line Icon={LogIn}>
          Podium wants you to sign in again. <Reload>Sign in</Reload>
        </Line>
      )}
      {shown && connection === 'outdated' && (
        <Line Icon={RefreshCw}>
          Podium was updated. <Reload>Load the new page</Reload>
        </Line>
      )}
      {away && (
        <Line Icon={CloudOff}>
          Podium does not answer. You see what was known <span aria-hidden>{tickingText(now - lostAt)} ago</span>; the
          page catches up by itself.{pressed && ' Links wait until then.'}
        </Line>
      )}
    </div>
  );
}

/** While the server is away, a link would lead out of a page that still shows something. Whether one was pressed. */
function useHeldLinks(away: boolean): boolean {
  const [pressed, setPressed] = useState(false);
  useEffect(() => {
    if (!away) return;
    const hold = (event: MouseEvent) => {
      if (!(event.target instanceof Element) || !event.target.closest('a[href^="/"]')) return;
      event.preventDefault();
      setPressed(true);
    };
    document.addEventListener('click', hold, { capture: true });
    return () => {
      document.removeEventListener('click', hold, { capture: true });
      setPressed(false);
    };
  }, [away]);
  return away && pressed;
}

function Reload({ children }: { children: ReactNode }) {
  return (
    <button type="button" className="underline" onClick={() => window.location.reload()}>
      {children}
    </button>
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

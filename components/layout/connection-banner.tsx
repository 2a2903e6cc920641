'use client';
import { useConnection } from '../hooks/live-store.tsx';

export function ConnectionBanner() {
  const { connection } = useConnection();
  return (
    <p role="status" className={connection === 'disconnected' ? 'text-warn' : 'text-muted'}>
      {connection === 'connected'
        ? 'Live'
        : connection === 'connecting'
          ? 'Connecting…'
          : 'Disconnected: this is what was last known'}
    </p>
  );
}

'use client';
import { createContext, useContext, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import type { Socket } from 'socket.io-client';
import type { JobDetail, JobSummary } from '../../lib/protocol/jobs.ts';
import type { ClientToServer, ServerToClient } from '../../lib/protocol/socket.ts';
import { createStore, type ExternalStore } from './external-store.ts';
import { LOOK_MS, Silence } from './silence.ts';
import { SOCKET_OPTIONS } from './socket-options.ts';
import { createJobMemory, type JobMemory } from './job-memory.ts';

export type LiveSocket = Socket<ServerToClient, ClientToServer>;
export type Connection = 'connecting' | 'connected' | 'disconnected' | 'refused' | 'outdated';
interface Link {
  socket: LiveSocket | null;
  connection: Connection;
  /** Milliseconds of the epoch, browser's clock, at which the connection was lost. */
  lostAt: number | null;
  /** Counts the connections made: whoever watches something asks again after each. */
  session: number;
}
interface Memories {
  summaries: JobMemory<JobSummary>;
  details: JobMemory<JobDetail>;
}

const START: Link = { socket: null, connection: 'connecting', lostAt: null, session: 0 };
const LiveContext = createContext<(Memories & { link: ExternalStore<Link> }) | null>(null);
/** After the server ended the connection itself, the client library leaves the next try to us. */
const TRY_AGAIN_MS = 1000;

/** Owns the page's one socket; its code is loaded after the first paint. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const [held] = useState(() => ({
    link: createStore(START),
    summaries: createJobMemory<JobSummary>(),
    details: createJobMemory<JobDetail>(),
  }));
  const { link } = held;
  useEffect(() => {
    let socket: LiveSocket | undefined;
    let again: ReturnType<typeof setTimeout> | undefined;
    let looking: ReturnType<typeof setInterval> | undefined;
    let stopped = false;
    const lost = (connection: Connection) =>
      link.set({ ...link.get(), connection, lostAt: link.get().lostAt ?? Date.now() });
    void import('socket.io-client').then(({ io }) => {
      if (stopped) return;
      const opened: LiveSocket = io(SOCKET_OPTIONS);
      socket = opened;
      const silence = new Silence(() => performance.now());
      opened.io.on('ping', () => silence.heard());
      looking = setInterval(() => {
        if (silence.isTooLong() && opened.connected) opened.io.engine.close();
      }, LOOK_MS);
      opened.on('connect', () => silence.heard());
      opened.on('connect', () =>
        link.set({ socket: opened, connection: 'connected', lostAt: null, session: link.get().session + 1 }),
      );
      opened.on('disconnect', (reason) => {
        lost('disconnected');
        if (reason === 'io server disconnect') again = setTimeout(() => opened.connect(), TRY_AGAIN_MS);
      });
      opened.on('connect_error', (error) => {
        lost(connectionAfter(error));
        // What the server itself turned away is not tried again by the client library.
        if (!opened.active) again = setTimeout(() => opened.connect(), TRY_AGAIN_MS);
      });
    });
    return () => {
      stopped = true;
      clearTimeout(again);
      clearInterval(looking);
      socket?.disconnect();
    };
  }, [link]);
  return <LiveContext value={held}>{children}</LiveContext>;
}

/** Engine.IO puts the status of a refused handshake into `context`, the server its own refusal into `data`. */
function connectionAfter(error: Error & { context?: unknown; data?: { code?: unknown } }): Connection {
  if (error.data?.code === 'wire_version') return 'outdated';
  const { context } = error;
  const refused = context instanceof XMLHttpRequest && (context.status === 401 || context.status === 403);
  return refused ? 'refused' : 'disconnected';
}

export function useLive(): Link & Memories {
  const live = useContext(LiveContext);
  if (!live) throw new Error('useLive needs a LiveProvider above it');
  const link = useSyncExternalStore(live.link.subscribe, live.link.get, () => START);
  return { ...link, summaries: live.summaries, details: live.details };
}

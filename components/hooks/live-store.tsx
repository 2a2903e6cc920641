'use client';
import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import type { Socket } from 'socket.io-client';
import type { ClientToServer, ServerToClient } from '../../lib/protocol/socket.ts';

export type LiveSocket = Socket<ServerToClient, ClientToServer>;
export type Connection = 'connecting' | 'connected' | 'disconnected';
interface Live {
  socket: LiveSocket | null;
  connection: Connection;
}
const LiveContext = createContext<Live>({ socket: null, connection: 'connecting' });

/** Owns the page's one socket; its code is loaded after the first paint. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const [live, setLive] = useState<Live>({ socket: null, connection: 'connecting' });
  useEffect(() => {
    let socket: LiveSocket | undefined;
    let stopped = false;
    void import('socket.io-client').then(({ io }) => {
      if (stopped) return;
      const opened: LiveSocket = io({ transports: ['websocket', 'polling'] });
      socket = opened;
      const say = (connection: Connection) => setLive({ socket: opened, connection });
      opened.on('connect', () => say('connected'));
      opened.on('disconnect', () => say('disconnected'));
      opened.on('connect_error', () => say('disconnected'));
      say(opened.connected ? 'connected' : 'connecting');
    });
    return () => {
      stopped = true;
      socket?.disconnect();
    };
  }, []);
  return <LiveContext value={live}>{children}</LiveContext>;
}

export function useConnection(): Live {
  return useContext(LiveContext);
}

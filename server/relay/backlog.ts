import type { Socket } from 'socket.io';

/** Events that may pass a client by, first those it misses least. */
export type Droppable = 'preview' | 'progress';
/**
 * Bytes not yet taken by the network, and packets likewise (of a polling client that does not come back for them), above
 * which an event passes a client by: previews long before progress. A change of state never does.
 */
const BEHIND: Record<Droppable, { bytes: number; packets: number }> = {
  preview: { bytes: 16 * 1024, packets: 64 },
  progress: { bytes: 64 * 1024, packets: 256 },
};
/** Bytes above which a client is cut if it stays there. */
export const CUT_BYTES = 1024 * 1024;
/** How long it may stay there; a burst on a slow line drains in this time. */
const CUT_AFTER_MS = 2000;
/** Bytes at which there is no waiting. */
const CUT_AT_ONCE_BYTES = 4 * 1024 * 1024;

interface Conn {
  writeBuffer: readonly { data?: unknown }[];
  transport: { socket?: { bufferedAmount?: number; terminate?: () => void } };
  close(discard?: boolean): void;
}

/** Engine.IO's view of a connection; `transport.socket` is the `ws` socket once the transport is a WebSocket. */
function connOf(socket: Pick<Socket, 'conn'>): Conn {
  return socket.conn as unknown as Conn;
}

/** How long a closing handshake is waited for; a client whose network is gone answers none. */
const FAREWELL_MS = 1000;

/** Sees to it that a connection which has ended is gone soon: whatever is still open holds up the end of the process. */
export function letGo(socket: Pick<Socket, 'conn'>): void {
  const line = connOf(socket).transport.socket;
  setTimeout(() => line?.terminate?.(), FAREWELL_MS).unref();
}

/** Bytes that wait for one client in this process. */
export function backlogBytes(socket: Pick<Socket, 'conn'>): number {
  const { writeBuffer, transport } = connOf(socket);
  let bytes = transport.socket?.bufferedAmount ?? 0;
  for (const { data } of writeBuffer) {
    if (typeof data === 'string') bytes += data.length;
    else if (ArrayBuffer.isView(data)) bytes += data.byteLength;
  }
  return bytes;
}

/**
 * Whether such events pass a client by. socket.io's own `volatile` would also drop the second event of one tick for a
 * client that keeps up, because its transport is busy until the first has left.
 */
export function isBehind(socket: Pick<Socket, 'conn'>, event: Droppable): boolean {
  const { bytes, packets } = BEHIND[event];
  return connOf(socket).writeBuffer.length > packets || backlogBytes(socket) > bytes;
}

/** Cuts clients whose backlog stays over `CUT_BYTES`: they come back and begin with a snapshot. */
export class BacklogWatch {
  private readonly overSince = new Map<string, number>();

  constructor(private readonly now: () => number = Date.now) {}

  /** Looks at every client once; the ids of those cut. */
  look(sockets: Iterable<Pick<Socket, 'conn' | 'id'>>): string[] {
    const cut: string[] = [];
    for (const socket of sockets) {
      const bytes = backlogBytes(socket);
      if (bytes <= CUT_BYTES) {
        this.overSince.delete(socket.id);
        continue;
      }
      const since = this.overSince.get(socket.id) ?? this.now();
      this.overSince.set(socket.id, since);
      if (bytes < CUT_AT_ONCE_BYTES && this.now() - since < CUT_AFTER_MS) continue;
      cut.push(socket.id);
      this.forget(socket.id);
      // A closing handshake would wait for a client that does not read.
      connOf(socket).transport.socket?.terminate?.();
      connOf(socket).close(true);
    }
    return cut;
  }

  forget(id: string): void {
    this.overSince.delete(id);
  }
}

import { WebSocket } from 'ws';
import type { ConnectedSocket } from './pod-types.ts';

const FINAL = new Set(['execution_success', 'execution_error', 'execution_interrupted', 'end']);

/** What stands between the pod's frames and its clients, set by tests. */
export class SocketFaults {
  /** No frame leaves and no pong: the connection is open and dead. */
  frozen = false;
  /** No frame leaves, but pings are answered. */
  silent = false;
  /** Frames that tell a prompt's end are kept back. */
  withholdFinal = false;
  /** Each frame is sent twice. */
  duplicate = false;
  /** Neighbouring frames change places. */
  disorder = false;
  /** The HTTP status with which every upgrade is refused. */
  refuse: number | undefined;
  private readonly held = new WeakMap<ConnectedSocket, string | Buffer>();

  deliver(connection: ConnectedSocket, frame: string | Buffer, type: string): void {
    if (this.frozen || this.silent || connection.socket.readyState !== WebSocket.OPEN) return;
    if (this.withholdFinal && FINAL.has(type)) return;
    const frames = this.duplicate ? [frame, frame] : [frame];
    const before = this.held.get(connection);
    if (this.disorder && !FINAL.has(type)) {
      if (before === undefined) {
        this.held.set(connection, frame);
        return;
      }
      frames.push(before);
    } else if (before !== undefined) frames.unshift(before);
    this.held.delete(connection);
    for (const one of frames) connection.socket.send(one);
  }
}

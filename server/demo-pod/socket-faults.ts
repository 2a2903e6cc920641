import { WebSocket } from 'ws';
import type { ConnectedSocket } from './pod-types.ts';

const FINAL = new Set(['execution_success', 'execution_error', 'execution_interrupted', 'end']);

/** What stands between the pod's frames and its clients, set by tests. */
export class SocketFaults {
  /** No frame leaves and no pong: the connection is open and dead. */
  frozen = false;
  /** Frames that tell a prompt's end are kept back. */
  withholdFinal = false;
  /** Each frame is sent twice. */
  duplicate = false;
  /** Neighbouring frames change places. */
  disorder = false;
  private readonly held = new Map<ConnectedSocket, string | Buffer>();

  deliver(connection: ConnectedSocket, frame: string | Buffer, type: string): void {
    if (this.frozen || connection.socket.readyState !== WebSocket.OPEN) return;
    if (this.withholdFinal && FINAL.has(type)) return;
    const frames = this.duplicate ? [frame, frame] : [frame];
    if (this.disorder && !FINAL.has(type)) {
      const before = this.held.get(connection);
      if (before === undefined) {
        this.held.set(connection, frame);
        return;
      }
      frames.push(before);
    } else {
      const before = this.held.get(connection);
      if (before !== undefined) frames.unshift(before);
    }
    this.held.delete(connection);
    for (const one of frames) connection.socket.send(one);
  }

  clear(): void {
    this.frozen = false;
    this.withholdFinal = false;
    this.duplicate = false;
    this.disorder = false;
    this.held.clear();
  }
}

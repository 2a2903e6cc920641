import type { IncomingMessage } from 'node:http';
import { randomUUID } from 'node:crypto';
import type { WebSocket } from 'ws';
import type { ConnectedSocket } from './pod-types.ts';
import { pythonJson } from './python-json.ts';
import type { SocketFaults } from './socket-faults.ts';

const MAX_FRAME_CHARS = 65_536;

/** The pod's sockets by `clientId`, and what is sent to whom. */
export class EventHub {
  /** What the pod believes to be connected. A socket may be open and missing here: it is deaf. */
  readonly table = new Map<string, ConnectedSocket>();
  readonly open = new Set<ConnectedSocket>();
  /** Whose prompt runs, and at which node: told to a client that reconnects. */
  clientId: string | undefined;
  lastNode: string | undefined;

  constructor(
    private readonly features: () => Record<string, unknown>,
    private readonly queueRemaining: () => number,
    private readonly faults: SocketFaults,
  ) {}

  connect(socket: WebSocket, request: IncomingMessage): void {
    const asked = new URL(request.url ?? '/', 'http://pod').searchParams.get('clientId');
    const sid = asked ? asked.slice(0, 200) : randomUUID().replaceAll('-', '');
    const connection: ConnectedSocket = { sid, socket, previewMetadata: false, firstFrameSeen: false };
    this.table.set(sid, connection);
    this.open.add(connection);
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      this.open.delete(connection);
      // As ComfyUI does: by id, not by socket. A newer socket of the same client goes deaf.
      this.table.delete(sid);
    });
    socket.on('message', (data, isBinary) => this.receive(connection, isBinary ? '' : data.toString()));
    this.emitTo(connection, 'status', { status: this.queueInfo(), sid });
    if (this.clientId === sid && this.lastNode !== undefined)
      this.emitTo(connection, 'executing', { node: this.lastNode });
  }

  /** Ends every socket: with a close frame of this code, or without one. */
  drop(code?: number): void {
    for (const { socket } of this.open) {
      if (code === undefined) socket.terminate();
      else socket.close(code);
    }
  }

  /** The process ends: sockets are cut and nobody is known any more. */
  forget(): void {
    this.drop();
    this.table.clear();
    this.clientId = undefined;
    this.lastNode = undefined;
  }

  queueInfo(): Record<string, unknown> {
    return { exec_info: { queue_remaining: this.queueRemaining() } };
  }

  status(): void {
    for (const connection of this.table.values()) this.emitTo(connection, 'status', { status: this.queueInfo() });
  }

  /** To one client; to all where the prompt came without a `client_id` and ComfyUI does not look. */
  send(type: string, data: Record<string, unknown>, clientId: string | undefined): void {
    if (clientId === undefined) {
      for (const connection of this.table.values()) this.emitTo(connection, type, data);
      return;
    }
    const connection = this.table.get(clientId);
    if (connection) this.emitTo(connection, type, data);
  }

  /** A preview with its prompt and node (kind 4), to a client that asked for these. False where it did not. */
  previewWithMetadata(clientId: string | undefined, metadata: Record<string, unknown>, jpeg: Buffer): boolean {
    const connection = clientId === undefined ? undefined : this.table.get(clientId);
    if (!connection?.previewMetadata) return false;
    const json = Buffer.from(pythonJson({ ...metadata, image_type: 'image/jpeg' }));
    const head = Buffer.alloc(8);
    head.writeUInt32BE(4, 0);
    head.writeUInt32BE(json.length, 4);
    this.faults.deliver(connection, Buffer.concat([head, json, jpeg]), 'preview');
    return true;
  }

  preview(clientId: string | undefined, jpeg: Buffer): void {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(1, 0);
    head.writeUInt32BE(1, 4);
    for (const connection of this.table.values())
      if ((clientId === undefined || connection.sid === clientId) && !connection.previewMetadata)
        this.faults.deliver(connection, Buffer.concat([head, jpeg]), 'preview');
  }

  private receive(connection: ConnectedSocket, text: string): void {
    const first = !connection.firstFrameSeen;
    connection.firstFrameSeen = true;
    if (!first || text.length > MAX_FRAME_CHARS || !text.includes('"feature_flags"')) return;
    connection.previewMetadata = /"supports_preview_metadata"\s*:\s*true/.test(text);
    this.emitTo(connection, 'feature_flags', this.features());
  }

  private emitTo(connection: ConnectedSocket, type: string, data: Record<string, unknown>): void {
    const ended = type === 'executing' && data.node === null;
    this.faults.deliver(connection, pythonJson({ type, data }), ended ? 'end' : type);
  }
}

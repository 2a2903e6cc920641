import WebSocket from 'ws';
import { waitMs } from '../jobs/wait.ts';
import { readFrame, type PodFrame } from './frames.ts';
import { reconnectPauseMs, type SocketFailure } from './reconnect-pause.ts';

export interface SocketTiming {
  handshakeMs: number;
  /** From one ping to the next. */
  pingMs: number;
  /** Longest wait for a pong or any other frame after a ping. */
  pongMs: number;
  /** Longest wait for the other side's part of a close; then the connection is cut. */
  closeMs: number;
  /** A connection that stood this long ends a row of failures. */
  steadyMs: number;
}

export interface SocketOptions {
  timing?: Partial<SocketTiming>;
  random?: () => number;
  /** Milliseconds; only differences matter. */
  now?: () => number;
  /** Largest frame, in bytes; a larger one closes the connection. */
  maxPayloadBytes?: number;
}

export interface SocketListener {
  onFrame(frame: PodFrame): void;
  onOpen(): void;
  /** The socket that was open is gone, or a try to open one failed. `lost`: it was open and Podium did not close it. */
  onDown(reason: string, lost: boolean): void;
}

/** The first text frame decides about previews that name their prompt and node (binary kind 4). */
const FEATURE_FLAGS = JSON.stringify({ type: 'feature_flags', data: { supports_preview_metadata: true } });
const DEFAULTS: SocketTiming = { handshakeMs: 10_000, pingMs: 20_000, pongMs: 10_000, closeMs: 2000, steadyMs: 5000 };
const MAX_PAYLOAD_BYTES = 64_000_000;

/**
 * One WebSocket to one pod, kept open: a new one is opened only after the old one is closed, because a pod that cleans
 * the old one up later would take the new one, of the same client id, off its list.
 */
export class ComfyUIWebSocketClient {
  /** Frames that could not be read since the start; they are skipped. */
  malformedFrames = 0;
  private readonly timing: SocketTiming;
  private readonly random: () => number;
  private readonly now: () => number;
  private readonly maxPayloadBytes: number;
  private stopping: AbortController | undefined;
  private running: Promise<void> = Promise.resolve();
  private socket: WebSocket | undefined;
  private openedAt: number | undefined;
  private replacing = false;
  private pause = new AbortController();

  constructor(options: SocketOptions = {}) {
    this.timing = { ...DEFAULTS, ...options.timing };
    this.random = options.random ?? Math.random;
    this.now = options.now ?? (() => performance.now());
    this.maxPayloadBytes = options.maxPayloadBytes ?? MAX_PAYLOAD_BYTES;
  }

  /** Opens the socket and keeps it open until `stop`. One pod a client: starting twice is an error. */
  start(target: { url: string; headers: Record<string, string> }, listener: SocketListener): void {
    if (this.stopping) throw new Error('A WebSocket client serves one pod; make another for another pod');
    this.stopping = new AbortController();
    this.running = this.run(target, listener, this.stopping.signal);
  }

  /** Since when the present socket is open, by the clock passed in; undefined while none is. */
  openSince(): number | undefined {
    return this.openedAt;
  }

  /** Closes the present socket and opens another at once; ends a pause between two tries. */
  reconnect(): void {
    this.pause.abort();
    if (!this.socket || this.openedAt === undefined) return;
    this.replacing = true;
    this.close(this.socket);
  }

  async stop(): Promise<void> {
    this.stopping?.abort();
    this.pause.abort();
    if (this.socket) this.close(this.socket);
    await this.running;
    this.stopping = undefined;
  }

  private async run(
    target: { url: string; headers: Record<string, string> },
    listener: SocketListener,
    stop: AbortSignal,
  ): Promise<void> {
    let failures = 0;
    while (!stop.aborted) {
      this.replacing = false;
      const { reason, why, openMs } = await this.connection(target, listener);
      const wanted = this.replacing || stop.aborted;
      if (!stop.aborted) listener.onDown(reason, openMs !== undefined && !wanted);
      if (wanted) continue;
      failures = openMs !== undefined && openMs >= this.timing.steadyMs ? 1 : failures + 1;
      this.pause = new AbortController();
      await waitMs(reconnectPauseMs(failures, why, this.random), this.pause.signal);
    }
  }

  /** One socket's whole life; resolves once it is closed for good. */
  private connection(
    target: { url: string; headers: Record<string, string> },
    listener: SocketListener,
  ): Promise<{ reason: string; why: SocketFailure; openMs: number | undefined }> {
    const socket = this.dial(target);
    if (!socket) return Promise.resolve({ reason: 'Its headers cannot be sent.', why: 'refused', openMs: undefined });
    this.socket = socket;
    let reason = '';
    let why: SocketFailure = 'broken';
    let heartbeat: Heartbeat | undefined;
    return new Promise((resolve) => {
      socket.on('open', () => {
        this.openedAt = this.now();
        socket.send(FEATURE_FLAGS);
        heartbeat = new Heartbeat(socket, this.timing);
        listener.onOpen();
      });
      socket.on('message', (data: Buffer, isBinary: boolean) => {
        heartbeat?.heard();
        const frame = readFrame(data, isBinary);
        if (frame.kind === 'malformed') this.malformedFrames += 1;
        listener.onFrame(frame);
      });
      socket.on('pong', () => heartbeat?.heard());
      socket.on('unexpected-response', (_request, response) => {
        const status = response.statusCode ?? 0;
        reason = `The pod answered the WebSocket with ${status}.`;
        why = status >= 400 && status < 500 && status !== 408 && status !== 429 ? 'refused' : 'broken';
        response.destroy();
        socket.terminate();
      });
      socket.on('error', (error) => {
        reason ||= `The WebSocket failed: ${'code' in error ? String(error.code) : error.name}.`;
      });
      socket.on('close', (code) => {
        heartbeat?.stop();
        const openMs = this.openedAt === undefined ? undefined : this.now() - this.openedAt;
        this.openedAt = undefined;
        this.socket = undefined;
        resolve({ reason: reason || `The WebSocket was closed (${code}).`, why, openMs });
      });
    });
  }

  /** Undefined where the headers hold what HTTP cannot carry. */
  private dial(target: { url: string; headers: Record<string, string> }): WebSocket | undefined {
    try {
      return new WebSocket(target.url, {
        headers: target.headers,
        handshakeTimeout: this.timing.handshakeMs,
        maxPayload: this.maxPayloadBytes,
        perMessageDeflate: false,
        followRedirects: false,
      });
    } catch {
      return undefined;
    }
  }

  private close(socket: WebSocket): void {
    if (socket.readyState === WebSocket.CONNECTING) {
      socket.terminate();
      return;
    }
    socket.close(1000);
    const cut = setTimeout(() => socket.terminate(), this.timing.closeMs);
    socket.once('close', () => clearTimeout(cut));
  }
}

/** Pings, and cuts a connection on which nothing at all comes back. */
class Heartbeat {
  private readonly timer: NodeJS.Timeout;
  private deadline: NodeJS.Timeout | undefined;

  constructor(
    socket: WebSocket,
    private readonly timing: Pick<SocketTiming, 'pingMs' | 'pongMs'>,
  ) {
    this.timer = setInterval(() => {
      if (socket.readyState !== WebSocket.OPEN) return;
      socket.ping();
      this.deadline ??= setTimeout(() => socket.terminate(), this.timing.pongMs);
    }, this.timing.pingMs);
  }

  heard(): void {
    clearTimeout(this.deadline);
    this.deadline = undefined;
  }

  stop(): void {
    clearInterval(this.timer);
    this.heard();
  }
}

import { WebSocket, type ClientOptions } from 'ws';
import { describeBinary, normalise } from './normalise.ts';

export interface LoggedFrame {
  type: string;
  content: unknown;
}

export function textFrame(text: string): LoggedFrame {
  const content = normalise(text) as { type?: unknown };
  return { type: String(content.type), content };
}

export function binaryFrame(frame: Buffer): LoggedFrame {
  return { type: 'binary', content: describeBinary(frame) };
}

/** A socket to a pod that remembers every frame in order. */
export class FrameLog {
  readonly frames: LoggedFrame[] = [];
  closeCode: number | undefined;
  private readonly socket: WebSocket;
  private readonly listeners = new Set<() => void>();

  private constructor(url: string, options: ClientOptions, onBinary?: (frame: Buffer) => void) {
    this.socket = new WebSocket(url, options);
    this.socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) onBinary?.(data);
      this.frames.push(isBinary ? binaryFrame(data) : textFrame(data.toString()));
      this.changed();
    });
    this.socket.on('close', (code) => {
      this.closeCode = code;
      this.changed();
    });
  }

  /** Resolves when it is open; rejects with ws's error where the pod refuses it. */
  static async open(
    podUrl: string,
    clientId: string,
    options: ClientOptions = {},
    onBinary?: (frame: Buffer) => void,
  ): Promise<FrameLog> {
    const url = `${podUrl.replace(/^http/, 'ws')}/ws?clientId=${encodeURIComponent(clientId)}`;
    const log = new FrameLog(url, options, onBinary);
    await new Promise<void>((resolve, reject) => {
      log.socket.once('open', resolve);
      log.socket.on('error', reject);
    });
    return log;
  }

  send(text: string): void {
    this.socket.send(text);
  }

  ofType(type: string): LoggedFrame[] {
    return this.frames.filter((frame) => frame.type === type);
  }

  /** Resolves when `look` is true of the frames so far; rejects, with their types, after `withinMs` milliseconds. */
  async until(look: (frames: LoggedFrame[]) => boolean, what: string, withinMs = 15_000): Promise<void> {
    if (look(this.frames)) return;
    await new Promise<void>((resolve, reject) => {
      const listener = (): void => {
        if (!look(this.frames)) return;
        clearTimeout(timer);
        this.listeners.delete(listener);
        resolve();
      };
      const timer = setTimeout(() => {
        this.listeners.delete(listener);
        const types = this.frames.map((frame) => frame.type).join(' ');
        reject(new Error(`Waited ${withinMs} ms in vain until ${what}; frames so far: ${types}`));
      }, withinMs);
      this.listeners.add(listener);
    });
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.until(() => this.closeCode !== undefined, 'the socket is closed');
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}

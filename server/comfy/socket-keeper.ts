import type { ComfyUIWebSocketClient, SocketListener } from './websocket-client.ts';

interface KeeperDeps {
  websocket: ComfyUIWebSocketClient | undefined;
  target: () => { url: string; headers: Record<string, string> };
  listener: SocketListener;
  /** A first try to open it begins. */
  onOpening: () => void;
}

/** Has the socket open while something needs it: the server always, a program only while it waits for a workflow. */
export class SocketKeeper {
  private users = 0;
  private started = false;
  private stopped = false;
  private closing: Promise<void> | undefined;

  constructor(private readonly deps: KeeperDeps) {}

  /** Opens the socket for good. */
  hold(): void {
    this.users += 1;
    this.open();
  }

  /** Has it open while `work` goes on. The result does not wait for the socket to close. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.hold();
    try {
      return await work();
    } finally {
      this.users -= 1;
      if (this.users === 0) this.close();
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.close();
    await this.closing;
  }

  private open(): void {
    if (this.started) return;
    this.started = true;
    if (this.closing) void this.closing.then(() => this.begin());
    else this.begin();
  }

  private begin(): void {
    const { websocket } = this.deps;
    if (!websocket || !this.started || this.stopped) return;
    this.deps.onOpening();
    websocket.start(this.deps.target(), this.deps.listener);
  }

  private close(): void {
    const { websocket } = this.deps;
    if (!websocket || !this.started) return;
    this.started = false;
    const closing = (this.closing ?? Promise.resolve())
      .then(() => websocket.stop())
      .then(() => {
        if (this.closing === closing) this.closing = undefined;
      });
    this.closing = closing;
  }
}

import type { Socket } from 'node:net';
import { buildConnector, Client } from 'undici';

/** A connection that was opened ahead is not used later than this: what stands before a pod may have dropped it. */
const KEEP_AHEAD_MS = 5000;

type Connect = ReturnType<typeof buildConnector>;
type Dialled = { socket: Socket } | { error: Error };

/** A client whose one connection serves one request, and which knows whether that connection ever stood. */
export interface SingleClient {
  client: Client;
  /** False as long as not one byte can have left. */
  connected(): boolean;
}

/** Makes clients of one connection each; one connection may be opened ahead, while something else is awaited. */
export class SingleConnections {
  private readonly connect: Connect;
  private ahead: { dialled: Promise<Dialled>; tooOld: NodeJS.Timeout } | undefined;

  constructor(
    private readonly origin: string,
    connectMs: number,
  ) {
    this.connect = buildConnector({ timeout: connectMs });
  }

  /** Begins to open the connection of the next client. */
  openAhead(): void {
    if (this.ahead) return;
    const { host, hostname, port, protocol } = new URL(this.origin);
    const dialled = new Promise<Dialled>((resolve) =>
      this.connect({ host, hostname: hostname.replace(/^\[|\]$/g, ''), port, protocol }, (error, socket) =>
        resolve(error ? { error } : { socket: socket as Socket }),
      ),
    );
    const tooOld = setTimeout(() => this.discard(), KEEP_AHEAD_MS);
    tooOld.unref();
    this.ahead = { dialled, tooOld };
  }

  take(): SingleClient {
    const ahead = this.ahead;
    clearTimeout(ahead?.tooOld);
    this.ahead = undefined;
    let connected = false;
    const client = new Client(this.origin, {
      connect: (options, callback) => {
        const handOver: Parameters<Connect>[1] = (...result) => {
          connected ||= result[0] === null;
          callback(...result);
        };
        if (!ahead) return this.connect(options, handOver);
        void ahead.dialled.then((dialled) => {
          if ('error' in dialled) handOver(dialled.error, null);
          else if (dialled.socket.destroyed || dialled.socket.readableEnded) this.connect(options, handOver);
          else handOver(null, dialled.socket);
        });
      },
    });
    return { client, connected: () => connected };
  }

  /** Closes what was opened ahead and not taken. */
  discard(): void {
    const ahead = this.ahead;
    clearTimeout(ahead?.tooOld);
    this.ahead = undefined;
    void ahead?.dialled.then((dialled) => 'socket' in dialled && dialled.socket.destroy());
  }
}

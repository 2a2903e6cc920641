import type { Socket } from 'node:net';
import { buildConnector, Client } from 'undici';

/** A connection that was opened ahead is not used later than this: what stands before a pod may have dropped it. */
const KEEP_AHEAD_MS = 5000;

type Connect = ReturnType<typeof buildConnector>;
type Dialled = WaitingSocket | { error: Error };

/** A client whose one connection serves one request, and which knows whether that connection ever stood. */
export interface SingleClient {
  client: Client;
  /** False as long as not one byte can have left. */
  connected(): boolean;
  /** Whether `mayStart` said no. */
  withheld(): boolean;
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
        resolve(error ? { error } : new WaitingSocket(socket as Socket)),
      ),
    );
    const tooOld = setTimeout(() => this.discard(), KEEP_AHEAD_MS);
    tooOld.unref();
    this.ahead = { dialled, tooOld };
  }

  /** `mayStart` is asked when the connection stands; its no closes it before a byte has left. */
  take(mayStart: () => boolean = () => true): SingleClient {
    let ahead = this.ahead;
    clearTimeout(ahead?.tooOld);
    this.ahead = undefined;
    let connected = false;
    let withheld = false;
    const client = new Client(this.origin, {
      connect: (options, callback) => {
        const handOver: Parameters<Connect>[1] = (...result) => {
          if (result[1] && !mayStart()) {
            withheld = true;
            result[1].destroy();
            return callback(new Error('withheld'), null);
          }
          connected ||= result[0] === null;
          callback(...result);
        };
        if (!ahead) return this.connect(options, handOver);
        const { dialled: opened } = ahead;
        // The client asks again where that connection closes before it was used: then a new one is due.
        ahead = undefined;
        void opened.then((dialled) => {
          if ('error' in dialled) return handOver(dialled.error, null);
          const socket = dialled.take();
          if (socket) handOver(null, socket);
          else this.connect(options, handOver);
        });
      },
    });
    return { client, connected: () => connected, withheld: () => withheld };
  }

  /** Closes what was opened ahead and not taken. */
  discard(): void {
    const ahead = this.ahead;
    clearTimeout(ahead?.tooOld);
    this.ahead = undefined;
    void ahead?.dialled.then((dialled) => 'take' in dialled && dialled.take()?.destroy());
  }
}

/** An open socket nobody uses yet. It reads, since a close by the other side is only heard by one who reads. */
class WaitingSocket {
  private spoiled = false;
  private readonly spoil = () => {
    this.spoiled = true;
  };

  constructor(private readonly socket: Socket) {
    for (const event of ['readable', 'error', 'close']) socket.on(event, this.spoil);
    socket.read(0);
  }

  /** The socket, free of this waiting; undefined, and closed, where anything was heard on it before its time. */
  take(): Socket | undefined {
    if (this.spoiled) {
      this.socket.destroy();
      return undefined;
    }
    for (const event of ['readable', 'error', 'close']) this.socket.off(event, this.spoil);
    return this.socket;
  }
}

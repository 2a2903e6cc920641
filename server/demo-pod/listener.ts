import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

const TRIES = 40;
const TRY_AGAIN_MS = 50;

/** Listens on one loopback port, stops and listens there again with a new server. */
export class Listener {
  /** 0 until the first `open`. */
  port = 0;
  private server: Server | undefined;

  constructor(private readonly create: () => Server) {}

  /** Rejects where the port is taken; a port that this listener held before is tried again for two seconds. */
  async open(port: number): Promise<void> {
    if (this.server) return;
    for (let left = this.port === 0 ? 1 : TRIES; ; left -= 1) {
      const server = this.create();
      server.listen(port, '127.0.0.1');
      try {
        await once(server, 'listening');
        this.port = (server.address() as AddressInfo).port;
        this.server = server;
        return;
      } catch (cause) {
        if (left <= 1) throw cause;
        await sleep(TRY_AGAIN_MS);
      }
    }
  }

  /** Refuses connections from now on and cuts the HTTP ones that are open; upgraded ones are not its own. */
  async shut(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    server?.close();
    server?.closeAllConnections();
    await nextTurn();
  }
}

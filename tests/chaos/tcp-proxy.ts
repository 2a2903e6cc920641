import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A wire between two processes that can be cut, held and led elsewhere. */
export class TcpProxy {
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  private held = false;
  private refused = false;

  private constructor(
    private readonly server: Server,
    public targetPort: number,
  ) {
    server.on('connection', (near) => this.join(near));
  }

  static async open(targetPort: number): Promise<TcpProxy> {
    const server = createServer({ pauseOnConnect: true });
    const proxy = new TcpProxy(server, targetPort);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Ends every connection of now; new ones are taken. */
  cut(): void {
    for (const pair of this.pairs) for (const socket of pair) socket.destroy();
  }

  /** While held, nothing passes and nothing is lost: it all arrives, late, when the wire is let go. */
  hold(on: boolean): void {
    this.held = on;
    for (const pair of this.pairs)
      for (const socket of pair)
        if (on) socket.pause();
        else socket.resume();
  }

  /** While refused, connections end and new ones end at once. */
  refuse(on: boolean): void {
    this.refused = on;
    if (on) this.cut();
  }

  async close(): Promise<void> {
    this.refuse(true);
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(near: Socket): void {
    if (this.refused) {
      near.destroy();
      return;
    }
    const far = connect(this.targetPort, '127.0.0.1');
    const pair = [near, far] as const;
    this.pairs.add(pair);
    const forward = (from: Socket, to: Socket) => {
      from.on('data', (chunk) => {
        if (to.write(chunk)) return;
        from.pause();
        to.once('drain', () => this.held || from.resume());
      });
      from.on('error', () => to.destroy());
      from.on('end', () => to.end());
      from.on('close', () => {
        to.destroy();
        this.pairs.delete(pair);
      });
      if (this.held) from.pause();
      else from.resume();
    };
    forward(near, far);
    forward(far, near);
  }
}

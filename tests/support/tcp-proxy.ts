import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export type TcpProxy = Awaited<ReturnType<typeof openTcpProxy>>;

/** Carries connections to a port of the loopback interface, as a balancer or a bad network does. */
export async function openTcpProxy(targetPort = 0) {
  let target = targetPort;
  const sockets = new Set<Socket>();
  const answering = new Set<Socket>();
  const pairs = new Map<Socket, Socket>();
  const held = new Set<Socket>();

  const server = createServer((inbound) => {
    const outbound = connect(target, '127.0.0.1');
    answering.add(outbound);
    pairs.set(inbound, outbound);
    inbound.on('close', () => void pairs.delete(inbound));
    outbound.on('close', () => void answering.delete(outbound));
    for (const [one, other] of [
      [inbound, outbound],
      [outbound, inbound],
    ] as const) {
      sockets.add(one);
      one.setNoDelay(true);
      one.on('error', () => undefined);
      one.on('close', () => {
        sockets.delete(one);
        if (!held.has(one)) other.destroy();
      });
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };

  return {
    port: (server.address() as AddressInfo).port,
    /** Where connections made from now on lead. */
    switchTo(port: number): void {
      target = port;
    },
    /** Ends all connections. */
    cut,
    /** All connections stay open and carry nothing any more; new ones are as usual. */
    silence(): void {
      for (const socket of sockets) {
        socket.unpipe();
        socket.pause();
      }
    },
    /** All connections go on carrying what is sent, and no answer any more; new ones are as usual. */
    silenceAnswers(): void {
      for (const socket of answering) {
        socket.unpipe();
        socket.pause();
      }
    },
    /**
     * What is sent over the present connections from now on does not arrive, and nobody is told, not even of their end.
     * @returns a function that lets it all arrive
     */
    holdRequests(): () => void {
      const late = [...pairs].map(([inbound, outbound]) => {
        const chunks: Buffer[] = [];
        held.add(inbound);
        inbound.unpipe();
        inbound.on('data', (chunk: Buffer) => chunks.push(chunk)).resume();
        return () => void outbound.write(Buffer.concat(chunks));
      });
      return () => {
        for (const arrive of late) arrive();
      };
    },
    async close(): Promise<void> {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export type TcpProxy = Awaited<ReturnType<typeof openTcpProxy>>;

/** Carries connections to a port of the loopback interface, as a balancer or a bad network does. */
export async function openTcpProxy(targetPort = 0) {
  let target = targetPort;
  const sockets = new Set<Socket>();
  const answering = new Set<Socket>();

  const server = createServer((inbound) => {
    const outbound = connect(target, '127.0.0.1');
    answering.add(outbound);
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
        other.destroy();
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
    async close(): Promise<void> {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

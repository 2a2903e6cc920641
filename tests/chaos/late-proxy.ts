import { createServer, request as send, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What becomes of one `POST /prompt` on its way to the pod. */
export type PostPlan =
  /** Kept until the client has given up, and delivered `afterMs` milliseconds later. */
  | { kind: 'late'; afterMs: number }
  /** Delivered; the client is answered with this status instead of the pod's answer. */
  | { kind: 'status'; status: number };

/** A reverse proxy before one pod, which says so in a `Via` header. */
export class LateProxy {
  private readonly plans: PostPlan[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly underway = new Set<Promise<void>>();
  /** POSTs that were delivered after their client had left. */
  deliveredLate = 0;

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void this.serve(request, response));
    server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) =>
      this.upgrade(request, socket, head),
    );
    server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  static async open(target: string): Promise<LateProxy> {
    const server = createServer();
    const proxy = new LateProxy(server, new URL(target));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** For the next `POST /prompt` that has no plan yet. */
  planNextPost(plan: PostPlan): void {
    this.plans.push(plan);
  }

  get plansLeft(): number {
    return this.plans.length;
  }

  /** No plan from now on; resolves when what is kept has been delivered. */
  async settled(): Promise<void> {
    this.plans.length = 0;
    await Promise.all(this.underway);
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const body = Buffer.concat(chunks);
    const isPost = request.method === 'POST' && /^(\/api)?\/prompt$/.test(request.url ?? '');
    const plan = isPost ? this.plans.shift() : undefined;
    if (plan?.kind === 'late') {
      const delivery = this.deliverLate(request, response, body, plan.afterMs);
      this.underway.add(delivery);
      await delivery;
      this.underway.delete(delivery);
      return;
    }
    const answer = await this.forward(request, body);
    if (plan?.kind === 'status') response.writeHead(plan.status, { via: '1.1 between' }).end('<html></html>');
    else if (!answer) response.writeHead(502, { via: '1.1 between', 'content-type': 'text/html' }).end('<html></html>');
    else {
      response.writeHead(answer.statusCode ?? 502, { ...answer.headers, via: '1.1 between' });
      answer.on('error', () => response.destroy());
      answer.pipe(response);
    }
  }

  private async deliverLate(request: IncomingMessage, response: ServerResponse, body: Buffer, afterMs: number) {
    await new Promise((resolve) => response.once('close', resolve));
    await sleep(afterMs);
    this.deliveredLate += 1;
    const answer = await this.forward(request, body);
    answer?.resume();
  }

  private forward(request: IncomingMessage, body: Buffer): Promise<IncomingMessage | undefined> {
    return new Promise((resolve) => {
      const { hostname, port } = this.target;
      const headers = { ...request.headers, host: this.target.host };
      const path = request.url ?? '/';
      const onward = send({ hostname, port, path, method: request.method ?? 'GET', headers, agent: false }, resolve);
      onward.on('error', () => resolve(undefined));
      onward.end(body);
    });
  }

  private upgrade(request: IncomingMessage, near: Socket, head: Buffer): void {
    const far = connect(Number(this.target.port), this.target.hostname);
    const lines = [`${request.method} ${request.url} HTTP/1.1`];
    for (let index = 0; index < request.rawHeaders.length; index += 2)
      lines.push(`${request.rawHeaders[index]}: ${request.rawHeaders[index + 1]}`);
    far.write(`${lines.join('\r\n')}\r\n\r\n`);
    far.write(head);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
  }
}

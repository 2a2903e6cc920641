import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

/** The least that Podium needs of a pod, with the moment each prompt arrives. Nothing runs on it. */
export class BenchPod {
  private readonly server: Server;
  private readonly sockets = new WebSocketServer({ noServer: true });
  private readonly ended = new Set<string>();
  private readonly taken = new Set<string>();
  private arrived: (arrival: { atMs: number; promptId: string }) => void = () => undefined;
  private socket: WebSocket | undefined;

  constructor() {
    this.server = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://pod').pathname.replace(/^\/api/, '');
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const atMs = performance.now();
        const answer = this.answer(request.method ?? 'GET', path, Buffer.concat(chunks).toString(), atMs);
        response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(answer ?? {}));
      });
    });
    this.server.on('upgrade', (request, socket, head) =>
      this.sockets.handleUpgrade(request, socket, head, (opened) => {
        this.socket = opened;
        opened.on('error', () => opened.terminate());
        opened.send(JSON.stringify({ type: 'status', data: { status: { exec_info: { queue_remaining: 0 } } } }));
      }),
    );
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The next prompt's arrival, in `performance.now()` milliseconds. */
  nextPrompt(): Promise<{ atMs: number; promptId: string }> {
    return new Promise((resolve) => {
      this.arrived = resolve;
    });
  }

  send(type: string, data: object): void {
    this.socket?.send(JSON.stringify({ type, data }));
  }

  /** Ends a prompt with success and no outputs, and says so on the socket. */
  finish(promptId: string): void {
    this.taken.delete(promptId);
    this.ended.add(promptId);
    this.send('execution_success', { prompt_id: promptId });
    this.send('executing', { node: null, prompt_id: promptId });
  }

  async close(): Promise<void> {
    for (const client of this.sockets.clients) client.terminate();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(method: string, path: string, body: string, atMs: number): unknown {
    if (method === 'POST' && path === '/prompt') {
      const { prompt_id: promptId } = JSON.parse(body) as { prompt_id: string };
      this.taken.add(promptId);
      this.arrived({ atMs, promptId });
      return { prompt_id: promptId, number: this.taken.size + this.ended.size, node_errors: {} };
    }
    if (path === '/system_stats')
      return { system: { comfyui_version: '0.3.64', ram_total: 1, ram_free: 1 }, devices: [] };
    if (path === '/queue')
      return { queue_running: [...this.taken].map((id, index) => [index, id, {}, {}, []]), queue_pending: [] };
    const asked = /^\/history\/(.+)$/.exec(path)?.[1];
    if (asked !== undefined)
      return this.ended.has(asked)
        ? { [asked]: { outputs: {}, status: { status_str: 'success', completed: true, messages: [] } } }
        : {};
    return undefined;
  }
}

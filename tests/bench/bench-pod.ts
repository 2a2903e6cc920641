import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

export interface Arrival {
  /** In `performance.now()` milliseconds. */
  atMs: number;
  promptId: string;
  /** As Podium writes it beside the prompt. */
  jobId?: string;
}

interface PostedPrompt {
  prompt_id: string;
  extra_data?: { podium?: { jobId?: string } };
}

/** Entries of the history that are told when nobody names one. */
const TOLD_ENTRIES = 64;

/** The least that Podium needs of a pod, with the moment each prompt arrives. Nothing runs on it. */
export class BenchPod {
  private readonly server: Server;
  private readonly sockets = new WebSocketServer({ noServer: true });
  private readonly ended = new Set<string>();
  private readonly taken = new Map<string, PostedPrompt>();
  private arrived: (arrival: Arrival) => void = () => undefined;
  private socket: WebSocket | undefined;

  /** @param onPrompt called with each prompt, before it is answered */
  constructor(private readonly onPrompt: (arrival: Arrival) => void = () => undefined) {
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

  nextPrompt(): Promise<Arrival> {
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
      const posted = JSON.parse(body) as PostedPrompt;
      const { prompt_id: promptId, extra_data: extra } = posted;
      const jobId = extra?.podium?.jobId;
      this.taken.set(promptId, posted);
      const arrival = { atMs, promptId, ...(jobId !== undefined && { jobId }) };
      this.arrived(arrival);
      this.onPrompt(arrival);
      return { prompt_id: promptId, number: this.taken.size + this.ended.size, node_errors: {} };
    }
    if (path === '/system_stats')
      return { system: { comfyui_version: '0.3.64', ram_total: 1, ram_free: 1 }, devices: [] };
    if (path === '/queue') {
      const rows = [...this.taken].map(([id, { extra_data: extra = {} }], index) => [index, id, {}, extra, []]);
      return { queue_running: rows, queue_pending: [] };
    }
    if (path === '/history') return this.history([...this.ended].slice(-TOLD_ENTRIES));
    const asked = /^\/history\/(.+)$/.exec(path)?.[1];
    if (asked !== undefined) return this.history(this.ended.has(asked) ? [asked] : []);
    return undefined;
  }

  private history(promptIds: string[]): object {
    const entry = { outputs: {}, status: { status_str: 'success', completed: true, messages: [] } };
    return Object.fromEntries(promptIds.map((id) => [id, entry]));
  }
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { answerPostWithFault, answerWithFault } from './apply-fault.ts';
import { empty, readBody, send, text, type Answer } from './http-answer.ts';
import { isForeignOrigin } from './origin.ts';
import { MAX_UPLOAD_BYTES } from './pod-facts.ts';
import type { PodFaults } from './pod-faults.ts';
import type { PodRecords } from './pod-records.ts';
import { answer, type PodState } from './routes.ts';
import type { SocketFaults } from './socket-faults.ts';

const MAX_FRAME_BYTES = 1024 * 1024;

export interface PodServerParts {
  state: PodState;
  faults: PodFaults;
  socketFaults: SocketFaults;
  records: PodRecords;
  requireHeaders: () => Record<string, string> | undefined;
}

/** The pod's HTTP server with its `/ws`. One for each life of the pod's process. */
export function createPodServer(parts: PodServerParts): Server {
  const server = createServer((request, response) => {
    // A client that leaves in the middle of its body ends the reading of it; there is nobody to answer.
    handle(parts, request, response).catch(() => response.destroy());
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES, autoPong: false });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const status = refusal(parts, request);
    if (status !== undefined) {
      parts.records.upgradesRefused += 1;
      refuse(socket, status);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => {
      parts.records.socketsOpened += 1;
      opened.on('ping', (data) => {
        if (!parts.socketFaults.frozen) opened.pong(data);
      });
      parts.state.hub.connect(opened, request);
    });
  });
  return server;
}

async function handle(parts: PodServerParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { state, faults, records } = parts;
  records.request(request);
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://pod');
  const underApi = pathname.startsWith('/api/');
  const path = underApi ? pathname.slice(4) : pathname;
  const method = request.method ?? 'GET';
  const body = await readBody(request, MAX_UPLOAD_BYTES);
  const isPost = method === 'POST' && path === '/prompt';
  if (isPost && body) records.post(body, request.headers);
  const own = async (): Promise<Answer> => {
    if (!body) return text(413, `Maximum request body size ${MAX_UPLOAD_BYTES} exceeded.`);
    const contentType = request.headers['content-type'] ?? '';
    return answer(state, {
      method,
      path,
      underApi,
      query: searchParams,
      contentType,
      range: request.headers.range,
      body,
    });
  };
  if (lacks(parts.requireHeaders(), request)) return send(response, text(401, '401: Unauthorized'));
  if (isForeignOrigin(request.headers)) return send(response, empty(403));
  const standing = faults.find(method, path);
  if (standing) return answerWithFault(response, standing, own);
  const fault = isPost ? faults.nextPost() : undefined;
  if (fault) return answerPostWithFault(response, fault, own);
  send(response, await own());
}

/** The status with which an upgrade is refused. */
function refusal(parts: PodServerParts, request: IncomingMessage): number | undefined {
  const { pathname } = new URL(request.url ?? '/', 'http://pod');
  if (lacks(parts.requireHeaders(), request)) return 401;
  if (parts.socketFaults.refuse !== undefined) return parts.socketFaults.refuse;
  if (isForeignOrigin(request.headers)) return 403;
  return pathname === '/ws' || pathname === '/api/ws' ? undefined : 404;
}

function refuse(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} Refused\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
}

function lacks(required: Record<string, string> | undefined, request: IncomingMessage): boolean {
  return Object.entries(required ?? {}).some(([name, value]) => request.headers[name.toLowerCase()] !== value);
}

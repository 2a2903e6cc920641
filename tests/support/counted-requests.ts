import type { ClientRequest } from 'node:http';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

export interface CountedRequest {
  origin: string;
  method: string;
  path: string;
  at: number;
}

/**
 * Every request of this process as it is made, whether it reaches anybody or not, sockets' handshakes too.
 * @returns those so far, and what ends the counting
 */
export function countRequests(): { made: readonly CountedRequest[]; stop: () => void } {
  const made: CountedRequest[] = [];
  const byUndici = (message: unknown) => {
    const { request } = message as { request: { origin: string | URL; method: string; path: string } };
    made.push({ origin: String(request.origin), method: request.method, path: request.path, at: performance.now() });
  };
  const byNode = (message: unknown) => {
    const { request } = message as { request: ClientRequest };
    const origin = `http://${String(request.getHeader('host'))}`;
    made.push({ origin, method: request.method, path: request.path, at: performance.now() });
  };
  subscribe('undici:request:create', byUndici);
  subscribe('http.client.request.start', byNode);
  return {
    made,
    stop: () => {
      unsubscribe('undici:request:create', byUndici);
      unsubscribe('http.client.request.start', byNode);
    },
  };
}

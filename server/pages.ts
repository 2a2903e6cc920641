import { existsSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import next from 'next';

export interface Pages {
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>;
  upgrade(req: IncomingMessage, socket: Socket, head: Buffer): void;
  close(): Promise<void>;
}

/** The folder that holds `app/`, whether this file runs from source or from `dist`. */
function projectDir(): string {
  let dir = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(dir, 'next.config.js')) && dir !== dirname(dir)) dir = dirname(dir);
  return dir;
}

/** Next's request handler for everything that is not the API. */
export async function openPages(options: {
  development: boolean;
  host: string;
  port: number;
  server: Server;
}): Promise<Pages> {
  const app = next({
    dev: options.development,
    dir: projectDir(),
    hostname: options.host,
    port: options.port,
    httpServer: options.server,
  });
  await app.prepare();
  const handle = app.getRequestHandler();
  const upgrade = app.getUpgradeHandler();
  return {
    handle: (req, res) => handle(req, res),
    upgrade: (req, socket, head) => void upgrade(req, socket, head),
    close: () => app.close(),
  };
}

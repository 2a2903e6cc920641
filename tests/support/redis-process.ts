import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from './free-port.ts';

export interface RedisProcess {
  readonly port: number;
  readonly url: string;
  /** Ends it as `kill -9` does. What it keeps stays. */
  kill(): Promise<void>;
  /** Starts it again, on the same port and over the same files. */
  start(): Promise<void>;
  /** Stops its clock: it answers nothing until `thaw`. */
  freeze(): void;
  thaw(): void;
  /** Copies its files as they are now; with `rollBack` it dies, and comes back as it was then. */
  copyFiles(): { rollBack(): Promise<void> };
  /** One command over a connection of its own. */
  command(name: string, ...args: (string | number)[]): Promise<unknown>;
  /** Ends it and deletes its files. */
  stop(): Promise<void>;
}

/** A Redis of its own with AOF, synced at every write, in a folder of its own. `more`: further settings. */
export async function startRedis(more: Record<string, string> = {}): Promise<RedisProcess> {
  const dir = mkdtempSync(join(tmpdir(), 'podium-redis-'));
  const port = await freePort();
  const options = { port, bind: '127.0.0.1', dir, appendonly: 'yes', appendfsync: 'always', save: '', ...more };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  let child: ChildProcess | undefined;
  const kill = async () => {
    const running = child;
    child = undefined;
    if (!running) return;
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGKILL');
    await ended;
  };
  const process: RedisProcess = {
    port,
    url: `redis://127.0.0.1:${port}`,
    kill,
    start: async () => {
      child = await spawnRedis(args);
    },
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    copyFiles: () => {
      const copy = mkdtempSync(join(tmpdir(), 'podium-redis-copy-'));
      cpSync(dir, copy, { recursive: true });
      return {
        rollBack: async () => {
          await kill();
          rmSync(dir, { recursive: true, force: true });
          cpSync(copy, dir, { recursive: true });
          rmSync(copy, { recursive: true, force: true });
          await process.start();
        },
      };
    },
    command: async (name, ...rest) => {
      const client = new Redis(port, '127.0.0.1', { lazyConnect: true, maxRetriesPerRequest: 0 });
      client.on('error', () => undefined);
      try {
        return await client.call(name, ...rest);
      } finally {
        client.disconnect();
      }
    },
    stop: async () => {
      // While it writes its first append-only file, Redis ignores SIGTERM.
      await kill();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  await process.start();
  return process;
}

async function spawnRedis(args: readonly string[]): Promise<ChildProcess> {
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    child.once('error', (cause) =>
      reject(new Error('redis-server could not be started; install it by apt', { cause })),
    );
    child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)));
    child.stdout.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('Ready to accept connections')) resolve();
    });
  });
  return child;
}

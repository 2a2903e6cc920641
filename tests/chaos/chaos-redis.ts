import { spawn, execFile, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { freePort } from '../support/free-port.ts';
import { keepInHand } from './children.ts';

const exec = promisify(execFile);

/** A redis-server of one run, with AOF, that can be killed, filled up, made read-only and started again. */
export class ChaosRedis {
  private child: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly dir: string,
    private readonly options: Record<string, string>,
  ) {}

  static async start(dir: string, options: Record<string, string> = {}): Promise<ChaosRedis> {
    const folder = join(dir, `redis-${Object.keys(options).join('-') || 'main'}`);
    mkdirSync(folder, { recursive: true });
    const redis = new ChaosRedis(await freePort(), folder, options);
    await redis.start();
    return redis;
  }

  /** Over the data of before. Resolves when it answers. */
  async start(): Promise<void> {
    const options = {
      port: String(this.port),
      bind: '127.0.0.1',
      dir: this.dir,
      appendonly: 'yes',
      appendfsync: 'always',
      save: '',
      'repl-diskless-sync-delay': '0',
      ...this.options,
    };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
    // A full disk is made of a limit on file size: its signal must be deaf, so that the write fails instead.
    const child = spawn('sh', ['-c', 'trap "" XFSZ; exec redis-server "$@"', 'sh', ...args], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.child = child;
    keepInHand(child);
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)));
      child.stdout.on('data', (chunk: Buffer) => {
        if (/Ready to accept connections/.test(chunk.toString())) resolve();
      });
    });
  }

  /** One command on a connection of its own. */
  async command(name: string, ...args: string[]): Promise<unknown> {
    const client = new Redis({ port: this.port, lazyConnect: true, retryStrategy: () => null });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return await client.call(name, ...args);
    } finally {
      client.disconnect();
    }
  }

  /** Writes to its disk fail from now on, as if it were full; `false` makes room again. */
  async fillDisk(on: boolean): Promise<void> {
    if (this.child?.pid === undefined) return;
    await exec('prlimit', ['--pid', String(this.child.pid), `--fsize=${on ? '1' : 'unlimited'}:unlimited`]);
  }

  async kill(): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }
}

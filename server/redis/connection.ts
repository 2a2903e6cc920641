import { Redis } from 'ioredis';
import { RedisCaller, type RedisArgument, type RedisCalls } from './redis-caller.ts';
import { explainRedis, RedisUnavailableError } from './redis-errors.ts';
import type { Script } from './script.ts';

export interface RedisConnectionOptions {
  /** `redis://` or `rediss://`, with user, password and database number where there are any. */
  url: string;
  /** Shown by CLIENT LIST. */
  name?: string;
  connectTimeoutMs?: number;
  /** After this long an answer is no longer waited for. */
  commandTimeoutMs?: number;
  /** How long a call waits for a connection that is being made. */
  waitMs?: number;
  /** A connection over which nothing was answered for this long, while something was asked, is given up. */
  deadAfterMs?: number;
}

/** Called with each new connection before anything else may use it; a rejection gives that connection up. */
export type Welcome = (calls: RedisCalls) => Promise<void>;

const RECONNECT_MS = { first: 20, most: 1000 };
/** A node that turned read-only is left for whatever its name leads to by now, this often at most. */
const LEAVE_REPLICA_EVERY_MS = 5000;

/**
 * Keeps one connection to Redis for as long as it is open, a new client for each attempt: nothing is queued while there
 * is none and nothing is sent twice, so that each failure is known to be `no` or `unknown` (`RedisUnavailableError`).
 */
export class RedisConnection implements RedisCalls {
  /** Without user and password. */
  readonly address: string;
  private readonly options: Required<RedisConnectionOptions>;
  private caller: RedisCaller | undefined;
  private failure: Error | undefined;
  private keeping: Promise<void> | undefined;
  private readonly ending = new AbortController();
  private readonly waiting = new Set<() => void>();
  private readonly welcomes: Welcome[] = [];
  private readonly openListeners: (() => void)[] = [];
  private leftReplicaAt = -Infinity;

  constructor(options: RedisConnectionOptions) {
    this.options = {
      name: 'podium',
      connectTimeoutMs: 2500,
      commandTimeoutMs: 2000,
      waitMs: 1000,
      deadAfterMs: 3000,
      ...options,
    };
    this.address = addressOf(options.url);
  }

  /** Adds something to be done on each new connection, in order. To be called before the first use. */
  onConnect(welcome: Welcome): void {
    this.welcomes.push(welcome);
  }

  /** Adds something to be called whenever calls can be made again. */
  onOpen(listener: () => void): void {
    this.openListeners.push(listener);
  }

  /** True while calls can be made at once. */
  get ready(): boolean {
    return this.caller !== undefined;
  }

  async run(script: Script, keys: readonly string[], args: readonly RedisArgument[]): Promise<unknown> {
    return (this.caller ?? (await this.connected())).run(script, keys, args);
  }

  async call(command: string, ...args: RedisArgument[]): Promise<unknown> {
    return (this.caller ?? (await this.connected())).call(command, ...args);
  }

  /** Resolves once there is a connection. Rejects with `RedisUnavailableError` after `withinMs`. */
  async connected(withinMs = this.options.waitMs): Promise<RedisCaller> {
    this.keeping ??= this.keep();
    const deadline = performance.now() + withinMs;
    while (!this.caller) {
      const left = deadline - performance.now();
      if (this.ending.signal.aborted) throw new RedisUnavailableError('The store is closed.', 'no', { waited: true });
      if (left <= 0) throw this.unreachable();
      await this.change(left);
    }
    return this.caller;
  }

  /** Gives the present connection up, so that a new one is welcomed. */
  renew(): void {
    this.caller?.disconnect();
  }

  /**
   * A client of its own for subscriptions and blocking reads, not connected yet. It never reconnects, queues nothing and
   * times no command out; whoever takes it calls `connect` and `disconnect`, and takes another when it ends.
   */
  duplicate(): Redis {
    return this.newClient({});
  }

  async close(): Promise<void> {
    this.ending.abort();
    for (const wake of this.waiting) wake();
    this.caller?.disconnect();
    await this.keeping;
  }

  private async keep(): Promise<void> {
    for (let failures = 0; !this.ending.signal.aborted; failures += 1) {
      const client = this.newClient({ commandTimeout: this.options.commandTimeoutMs });
      const ended = new Promise<void>((resolve) => client.once('end', () => resolve()));
      const abandon = () => client.disconnect();
      this.ending.signal.addEventListener('abort', abandon);
      let cause: unknown;
      client.on('error', (error: unknown) => (cause = error));
      try {
        await client.connect();
        const caller = new RedisCaller(client, this.address, (error, code) => this.judge(caller, error, code));
        for (const welcome of this.welcomes) await welcome(caller);
        this.become(caller);
        failures = 0;
        await ended;
      } catch (error) {
        this.failure = asError(explainRedis(cause ?? error, this.address, false));
      } finally {
        this.ending.signal.removeEventListener('abort', abandon);
        this.caller = undefined;
        client.disconnect();
      }
      await this.pause(pauseMs(failures));
    }
  }

  private become(caller: RedisCaller): void {
    if (this.ending.signal.aborted) return;
    this.failure = undefined;
    this.caller = caller;
    for (const wake of this.waiting) wake();
    for (const listener of this.openListeners) listener();
  }

  private judge(caller: RedisCaller, error: RedisUnavailableError, code: string): void {
    this.failure = error;
    const now = performance.now();
    const isReplica = code === 'READONLY' || code === 'MASTERDOWN' || code === 'MOVED';
    if (isReplica && now - this.leftReplicaAt > LEAVE_REPLICA_EVERY_MS) {
      this.leftReplicaAt = now;
      caller.disconnect();
    } else if (now - (caller.silentSince ?? now) > this.options.deadAfterMs) caller.disconnect();
  }

  private newClient(more: { commandTimeout?: number }): Redis {
    const client = new Redis(this.options.url, {
      lazyConnect: true,
      protocol: 2,
      connectionName: this.options.name,
      disableClientInfo: true,
      connectTimeout: this.options.connectTimeoutMs,
      keepAlive: 5000,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
      // INFO is read by the welcome, which also knows what to make of it.
      enableReadyCheck: false,
      ...more,
    });
    // Without a listener, ioredis writes each error to the console.
    client.on('error', () => undefined);
    return client;
  }

  private change(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, withinMs);
      this.waiting.add(wake);
    });
  }

  private unreachable(): Error {
    const reason = asError(explainRedis(this.failure ?? new Error('timed out'), this.address, false));
    return new RedisUnavailableError(reason.message, 'no', { cause: reason, waited: true });
  }

  private async pause(ms: number): Promise<void> {
    if (!this.ending.signal.aborted) await this.change(ms);
  }
}

/** Doubles up to a second. */
function pauseMs(failures: number): number {
  return Math.min(RECONNECT_MS.most, RECONNECT_MS.first * 2 ** Math.min(failures, 10));
}

function addressOf(url: string): string {
  const { hostname, port } = new URL(url);
  return `${hostname}:${port === '' ? '6379' : port}`;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

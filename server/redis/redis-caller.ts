import type { Redis } from 'ioredis';
import { explainRedis, replyCode, RedisUnavailableError } from './redis-errors.ts';
import type { Script } from './script.ts';

export type RedisArgument = string | number | Buffer;

/** What can be asked of Redis, over whatever connection. */
export interface RedisCalls {
  /** Rejects with `RedisUnavailableError`; with Redis' own error where the script is to blame. */
  run(script: Script, keys: readonly string[], args: readonly RedisArgument[]): Promise<unknown>;
  call(command: string, ...args: RedisArgument[]): Promise<unknown>;
}

/** One connection. What was sent over it is done in the order in which it was sent. */
export class RedisCaller implements RedisCalls {
  /** Since when nothing has been answered although something was asked, in ms of `performance.now`. */
  silentSince: number | undefined;
  private cut = false;

  /** @param onFailure called with each failure of Redis or of the connection */
  constructor(
    private readonly client: Redis,
    private readonly address: string,
    private readonly onFailure: (error: RedisUnavailableError, code: string) => void,
  ) {}

  async run(script: Script, keys: readonly string[], args: readonly RedisArgument[]): Promise<unknown> {
    try {
      return await this.call('EVALSHA', script.sha, keys.length, ...keys, ...args);
    } catch (error) {
      // A Redis that restarted has forgotten its scripts; EVAL makes it remember this one.
      if (replyCode(error) !== 'NOSCRIPT') throw error;
      return await this.call('EVAL', script.lua, keys.length, ...keys, ...args);
    }
  }

  async call(command: string, ...args: RedisArgument[]): Promise<unknown> {
    const sent = this.client.status === 'ready' && this.client.stream.writable;
    try {
      if (!sent) throw new Error('Connection is closed.');
      this.silentSince ??= performance.now();
      this.gather();
      const answer = await this.client.call(command, ...args);
      this.silentSince = undefined;
      return answer;
    } catch (error) {
      const code = replyCode(error);
      if (code !== '') this.silentSince = undefined;
      const explained = explainRedis(error, this.address, sent);
      if (explained instanceof RedisUnavailableError) this.onFailure(explained, code);
      throw explained;
    }
  }

  /** What is asked in one turn is handed to the system in one piece. */
  private gather(): void {
    const { stream } = this.client;
    if (stream.writableCorked > 0) return;
    stream.cork();
    process.nextTick(() => stream.uncork());
  }

  /** At once: a peer that answers nothing does not answer a farewell either. */
  disconnect(): void {
    if (this.cut) return;
    this.cut = true;
    this.client.disconnect();
    this.client.stream.destroy();
  }
}

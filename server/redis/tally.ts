import type { RedisArgument, RedisCalls } from './redis-caller.ts';
import type { Script } from './script.ts';

export interface WriteAnswer {
  /** What came of it, as the script says. */
  word: string;
  rest: unknown[];
}

/** Runs scripts that change something, and remembers the highest number of writes that Redis told of. */
export class Tally {
  seen = 0;

  /** @param onLoss called when Redis tells of fewer writes than before: it has lost some without a new connection */
  constructor(
    private readonly base: string,
    private readonly onLoss: () => void,
  ) {}

  /** Of an answer that may be older than the last one: it tells of no loss. */
  heard(writes: number): void {
    this.seen = Math.max(this.seen, writes);
  }

  async run(calls: RedisCalls, script: Script, args: readonly RedisArgument[]): Promise<WriteAnswer> {
    const answer = await calls.run(script, [this.base], args);
    const [writes, word, ...rest]: unknown[] = Array.isArray(answer) ? answer : [];
    if (typeof writes !== 'number' || typeof word !== 'string')
      throw new TypeError('A script of the store gave an answer of another shape');
    if (writes < this.seen) this.onLoss();
    this.heard(writes);
    return { word, rest };
  }
}

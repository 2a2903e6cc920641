import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { StoreUnavailableError } from '../jobs/job-store.ts';
import type { RedisCalls } from './redis-caller.ts';
import { RedisUnavailableError, replyCode } from './redis-errors.ts';
import { readInfo } from './redis-info.ts';
import { MENDED, REDIS_FORMAT, RETURNED } from './scripts/return.ts';
import type { Tally } from './tally.ts';
import { againScript, type RingEntry, type WriteRing } from './write-ring.ts';
import type { Withdrawals } from './withdrawals.ts';

export interface StoreReturnParts {
  base: string;
  calls: RedisCalls;
  address: string;
  tally: Tally;
  ring: WriteRing;
  withdrawals: Withdrawals;
  /** What this instance always knows, however long ago it was written. */
  standing: () => RingEntry[];
  /** This instance, among the members. */
  memberId: string;
  /** Claims are held back for this long at most, in ms. */
  barrierMs: number;
}
type Listener = (lost: boolean) => Promise<void>;

const returnedSchema = z.tuple([z.coerce.number(), z.string(), z.number()]);
/** Scripts under way at once while what may have been lost is written again. */
const RESTORE_BATCH = 100;
const PAUSE_MS = 250;

/**
 * What is done on each new connection: it finds out whether Redis has lost some of the last writes, writes again what
 * this instance knows, and calls those who know more (what pods are doing).
 */
export class StoreReturn {
  private readonly listeners = new Set<Listener>();
  /** Names the last time at which this instance and Redis agreed. */
  private token = '';
  private run = '';
  private welcomed = false;
  /** Members wait for this instance; `lost`: something was missing since it last told that it is done. */
  private owed: { lost: boolean } | undefined;
  private telling = false;
  private closed = false;

  constructor(private readonly parts: StoreReturnParts) {}

  /** @returns a function that ends it */
  onReturn(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Before anything else may use a new connection. */
  async welcome(calls: RedisCalls): Promise<void> {
    const info = readInfo(await calls.call('INFO'));
    if (info.get('loading') === '1')
      throw new RedisUnavailableError(
        `Redis at ${this.parts.address} cannot be used: it is still loading its data from disk: wait a moment.`,
        'no',
      );
    const run = info.get('run_id') ?? '';
    try {
      await this.agree(calls, run);
    } catch (error) {
      // The same process as before, which refuses to write just now, can still be read.
      const refuses = error instanceof RedisUnavailableError && replyCode(error.cause) !== '';
      if (!refuses || run === '' || run !== this.run) throw error;
    }
  }

  /** Once a welcomed connection is open for all. */
  opened(): void {
    if (!this.owed || this.closed) return;
    if (!this.telling) void this.tell();
  }

  close(): void {
    this.closed = true;
    this.listeners.clear();
  }

  private async agree(calls: RedisCalls, run: string): Promise<void> {
    const { base, tally, memberId, barrierMs, withdrawals } = this.parts;
    const answer = await calls.run(RETURNED, [base], [run, this.token, tally.seen, memberId, barrierMs]);
    const [format, token, missing] = returnedSchema.parse(answer);
    if (format > REDIS_FORMAT)
      throw new StoreUnavailableError(
        `Redis at ${this.parts.address} was written by a newer Podium (format ${format}, this one knows ${REDIS_FORMAT}): install the newer version or use another database number. Nothing was changed.`,
      );
    const lost = missing === 1;
    if (lost) await this.restore(calls);
    await withdrawals.settle(calls);
    // Nobody was there before the first time to be told of a return.
    if (this.welcomed) this.owed = { lost: lost || (this.owed?.lost ?? false) };
    else await tally.run(calls, MENDED, [memberId]);
    this.token = token;
    this.run = run;
    this.welcomed = true;
  }

  private async restore(calls: RedisCalls): Promise<void> {
    const { tally, ring, standing } = this.parts;
    const scripts = [...standing(), ...ring.entries()].map(againScript);
    for (let at = 0; at < scripts.length; at += RESTORE_BATCH)
      await Promise.all(
        scripts.slice(at, at + RESTORE_BATCH).map(({ script, args }) =>
          tally.run(calls, script, args).catch((error: unknown) => {
            // What can never be written again must not keep the store closed for ever.
            if (error instanceof RedisUnavailableError) throw error;
          }),
        ),
      );
  }

  /** Calls the listeners, then tells the other members that they need not wait; anew where Redis went away meanwhile. */
  private async tell(): Promise<void> {
    const { calls, tally, memberId, barrierMs } = this.parts;
    this.telling = true;
    let told: { lost: boolean } | undefined;
    while (this.owed && !this.closed) {
      const owed = this.owed;
      if (owed !== told) {
        const all = Promise.allSettled([...this.listeners].map((listener) => listener(owed.lost)));
        // Whoever takes longer than claims are held back keeps nobody waiting, nor the next return untold.
        await Promise.race([all, pause(barrierMs, undefined, { ref: false })]);
      }
      told = owed;
      try {
        await tally.run(calls, MENDED, [memberId]);
        if (this.owed === owed) this.owed = undefined;
      } catch {
        await pause(PAUSE_MS);
      }
    }
    this.telling = false;
  }
}

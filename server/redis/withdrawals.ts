import { waitMs } from '../jobs/wait.ts';
import type { RedisArgument, RedisCalls } from './redis-caller.ts';
import { RedisUnavailableError } from './redis-errors.ts';
import type { Script } from './script.ts';
import type { Tally } from './tally.ts';

const PAUSE_MS = 250;
/** Each is a job whose maker was told that it was not accepted; more than these at once are not remembered. */
const MOST = 10_000;

/**
 * Takes back jobs and batches of which it never became known whether they were written, as soon as Redis can be asked. A job that
 * somebody has gone on with, or was told of as accepted, is left.
 */
export class Withdrawals {
  private readonly pending = new Map<string, { script: Script; args: readonly RedisArgument[] }>();
  private readonly ending = new AbortController();
  private working: Promise<void> | undefined;

  constructor(
    private readonly calls: RedisCalls,
    private readonly tally: Tally,
  ) {}

  /** @param script takes back what `id` names: a job, or a batch */
  add(id: string, script: Script, args: readonly RedisArgument[]): void {
    if (this.pending.size < MOST) this.pending.set(id, { script, args });
    this.working ??= this.work().finally(() => (this.working = undefined));
  }

  /** Takes all back that is known by now. Rejects where Redis cannot be asked. */
  async settle(calls: RedisCalls): Promise<void> {
    for (const [id, { script, args }] of [...this.pending]) {
      await this.tally.run(calls, script, args).catch((error: unknown) => {
        // What can never be taken back must not keep the store closed for ever.
        if (error instanceof RedisUnavailableError) throw error;
      });
      this.pending.delete(id);
    }
  }

  async close(): Promise<void> {
    this.ending.abort();
    await this.working;
  }

  private async work(): Promise<void> {
    while (this.pending.size > 0 && !this.ending.signal.aborted) {
      await this.settle(this.calls).catch(() => waitMs(PAUSE_MS, this.ending.signal));
    }
  }
}

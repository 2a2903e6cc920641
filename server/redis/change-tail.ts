import { setImmediate } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { waitMs } from '../jobs/wait.ts';
import { keepConnected, within } from './kept-connection.ts';
import { TAIL_ANCHOR, TAIL_KEPT } from './scripts/link-tail.ts';

/** A read returns after this time without news, so that a dead connection and a stream that was replaced are noticed. */
const BLOCK_MS = 1000;
const ANSWER_MS = 1000;
/** After news, so that what follows closely is read in one go. */
const GATHER_MS = 5;
const ENTRIES_A_READ = 100;

/** Fields and values in turn. */
export type StreamEntry = readonly string[];

export interface ChangeTailDeps {
  open: () => Redis;
  stream: string;
  onEntry: (entry: StreamEntry) => void;
  /** Entries may have gone unread: they were trimmed, or Redis lost what it had. */
  onGap: () => void;
}

/** Of each entry its id and its fields. What Redis answers is text throughout, so only the shape is looked at. */
const readSchema = z.union([
  z.null(),
  z.tuple([z.tuple([z.string(), z.array(z.custom<[string, string[]]>(isEntry))])]),
]);

/** Reads a stream as it grows: every entry once and in order, over as many connections as it takes. */
export class ChangeTail {
  private last: string | undefined;
  private begun: () => void = () => undefined;
  /** Resolves when every entry made from now on will be read. */
  readonly reading = new Promise<void>((resolve) => (this.begun = resolve));

  constructor(private readonly deps: ChangeTailDeps) {}

  run(signal: AbortSignal): Promise<void> {
    return keepConnected(this.deps.open, (...session) => this.session(...session), signal);
  }

  private async session(client: Redis, closed: AbortSignal, steady: () => void): Promise<void> {
    let last = (this.last ??= await this.newest(client));
    this.begun();
    // The first read of a connection does not wait: it finds out whether the entry read last is still there.
    for (let blockMs = 0; !closed.aborted; blockMs = BLOCK_MS) {
      const { entries, kept } = await this.read(client, last, blockMs);
      steady();
      if (!kept) {
        if (entries.length === 0) this.last = last = await this.newest(client);
        this.deps.onGap();
      }
      // What this instance wrote itself is answered first, wherever both have arrived: it need not be read once more then.
      await setImmediate();
      for (const [id, entry] of entries) {
        this.last = last = id;
        this.deps.onEntry(entry);
      }
      if (entries.length > 0) await waitMs(GATHER_MS, closed);
    }
  }

  private async newest(client: Redis): Promise<string> {
    return z.string().parse(await within(ANSWER_MS, client.eval(TAIL_ANCHOR, 1, this.deps.stream)));
  }

  /** What came after `last`. Whether `last` is still there is asked after the read, when nothing read can be trimmed unseen. */
  private async read(client: Redis, last: string, blockMs: number) {
    const { stream } = this.deps;
    const wait = blockMs > 0 ? ['BLOCK', blockMs] : [];
    const answers = await within(
      blockMs + ANSWER_MS,
      client
        .pipeline()
        .call('XREAD', ['COUNT', ENTRIES_A_READ, ...wait, 'STREAMS', stream, last])
        .eval(TAIL_KEPT, 1, stream, last)
        .exec(),
    );
    const [entries, kept] = (answers ?? []).map(([error, answer]) => {
      if (error) throw error;
      return answer;
    });
    return { entries: readSchema.parse(entries)?.[0][1] ?? [], kept: kept === 1 };
  }
}

function isEntry(given: unknown): boolean {
  return Array.isArray(given) && typeof given[0] === 'string' && Array.isArray(given[1]);
}

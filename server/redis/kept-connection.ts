import type { Redis } from 'ioredis';
import { waitMs } from '../jobs/wait.ts';

const FIRST_PAUSE_MS = 25;
const LAST_PAUSE_MS = 1000;
const CONNECT_MS = 3000;

/** What is done on one connection until it fails or is `closed`. `steady` says that it works. */
export type Session = (client: Redis, closed: AbortSignal, steady: () => void) => Promise<void>;

/**
 * Runs sessions, each on a client of its own that `open` makes, until the signal is aborted. When one fails, the next
 * begins after a pause, which grows until a session is steady.
 */
export async function keepConnected(open: () => Redis, session: Session, signal: AbortSignal): Promise<void> {
  let pauseMs = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    const client = open();
    const closed = new AbortController();
    const cut = () => {
      closed.abort();
      client.disconnect();
    };
    client.once('close', cut);
    signal.addEventListener('abort', cut, { once: true });
    try {
      await within(CONNECT_MS, client.connect());
      await session(client, closed.signal, () => void (pauseMs = FIRST_PAUSE_MS));
    } catch {
      // Whoever listens is told of what was missed; that Redis is away is said by the store.
    } finally {
      signal.removeEventListener('abort', cut);
      cut();
    }
    await waitMs(pauseMs, signal);
    pauseMs = Math.min(LAST_PAUSE_MS, pauseMs * 2);
  }
}

/** Rejects where the answer takes longer than `ms`: a connection may be dead without either side knowing. */
export async function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Redis has not answered within ${ms} ms`)), ms);
  });
  // Whoever loses the race may still reject.
  answer.catch(() => undefined);
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

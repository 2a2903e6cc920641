import { setTimeout as pause } from 'node:timers/promises';
import { RedisUnavailableError, replyCode } from './redis-errors.ts';

/** How long what happened to a call is looked into. */
export const KNOWN_WITHIN_MS = 3000;
const PAUSE_MS = 20;

/**
 * Makes a call again until it is known what came of it. What certainly was not done is tried again only where the
 * connection was cut and another one is at hand.
 * @param attempt must come to the same however often it is done; `again`: an earlier one may have been done
 * @throws RedisUnavailableError `unknown` where it may have been done, `no` where it was not
 */
export async function untilKnown<T>(
  attempt: (again: boolean) => Promise<T>,
  withinMs: number = KNOWN_WITHIN_MS,
): Promise<T> {
  const begin = performance.now();
  for (let again = false; ;) {
    try {
      return await attempt(again);
    } catch (error) {
      if (!(error instanceof RedisUnavailableError)) throw error;
      again ||= error.executed === 'unknown';
      const late = performance.now() - begin > withinMs;
      if (again ? late : late || replyCode(error.cause) !== '' || error.waited)
        throw again && error.executed === 'no'
          ? new RedisUnavailableError(error.message, 'unknown', { cause: error })
          : error;
      await pause(PAUSE_MS);
    }
  }
}

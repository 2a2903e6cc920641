import { describe, expect, it } from 'vitest';
import { RedisUnavailableError } from './redis-errors.ts';
import { untilKnown } from './until-known.ts';

describe('a call of unknown fate', () => {
  const cut = new RedisUnavailableError('cut', 'unknown');
  const notSent = new RedisUnavailableError('not sent', 'no');

  it('B205 is made again until it is known, and told that an earlier one may have been done', async () => {
    const outcomes = [notSent, cut, notSent];
    const told: boolean[] = [];
    const answer = await untilKnown(async (again) => {
      told.push(again);
      const error = outcomes.shift();
      if (error) throw error;
      return 'done';
    });
    expect(answer).toBe('done');
    expect(told).toEqual([false, false, true, true]);
  });

  it('B205 stays unknown where Redis does not come back in time', async () => {
    const outcomes = [cut];
    const call = untilKnown(async () => {
      throw outcomes.shift() ?? notSent;
    }, 50);
    await expect(call).rejects.toMatchObject({ executed: 'unknown', code: 'store_unavailable' });
  });

  it.each([
    ['was waited for in vain', new RedisUnavailableError('away', 'no', { waited: true })],
    ['is a bug', new TypeError('bug')],
  ])('B205 is not made again where it certainly was not done and %s', async (_, error) => {
    let calls = 0;
    const call = untilKnown(async () => {
      calls += 1;
      throw error;
    });
    await expect(call).rejects.toBe(error);
    expect(calls).toBe(1);
  });
});

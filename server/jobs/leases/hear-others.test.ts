import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { accept, after, cancel, claim, queuedAt } from '../../../tests/support/sample-jobs.ts';
import { EventFan } from '../event-fan.ts';
import { hearOthers } from './hear-others.ts';

describe('hearing of other instances', () => {
  function hearing() {
    const called: string[] = [];
    const runner = {
      wake: () => void called.push('wake'),
      cancelRequested: (jobId: string) => void called.push(`cancel ${jobId}`),
      readDispatch: async () => undefined,
      lookForWishes: async () => undefined,
    };
    const events = new EventFan();
    return { called, events, listener: hearOthers({ events, runner, log: pino({ level: 'silent' }) }) };
  }

  it('B312 wakes the runner for work that waits, whether its record was read or passed over', () => {
    const { called, listener } = hearing();
    const [one, two] = [queuedAt(1), queuedAt(2)];
    listener.jobChanged(one);
    listener.jobPassed({ id: two.id, revision: 0, state: 'queued' });
    listener.jobPassed({ id: two.id, revision: 4, state: 'retry_wait', promptId: 'p' });
    expect(called).toEqual(['wake', 'wake', 'wake']);
    listener.jobPassed({ id: one.id, revision: 5, state: 'running', promptId: 'p' });
    expect(called).toHaveLength(3);
    expect(listener.isNews(one.id, 5)).toBe(false);
  });

  it('B220 hands a wish to cancel on', () => {
    const { called, listener } = hearing();
    const wish = after(queuedAt(1), claim(), accept, cancel);
    listener.jobChanged(wish);
    expect(called).toEqual([`cancel ${wish.id}`]);
  });
});

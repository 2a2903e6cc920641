import { describe, expect, it } from 'vitest';
import { ManualTime } from '../../tests/support/manual-time.ts';
import { RequestPace } from './request-pace.ts';

function paced(perSecond: number) {
  const time = new ManualTime();
  const pace = new RequestPace(perSecond, time);
  const gone: string[] = [];
  const send = (name: string, urgent = false) => {
    const turn = pace.turn(urgent);
    if (turn) void turn.then(() => gone.push(name));
    else gone.push(name);
  };
  const pass = async (ms: number) => {
    time.pass(ms);
    await Promise.resolve();
    await Promise.resolve();
  };
  return { time, pace, gone, send, pass };
}

describe('the pace of requests to a pod', () => {
  it('B299 lets two seconds’ worth go at once, then so many a second, and drops none', async () => {
    const { gone, send, pass } = paced(5);
    for (let nth = 0; nth < 30; nth += 1) send(String(nth));
    expect(gone).toHaveLength(10);
    await pass(1000);
    expect(gone).toHaveLength(15);
    await pass(3000);
    expect(gone).toEqual(Array.from({ length: 30 }, (_none, nth) => String(nth)));
  });

  it('B299 urgent ones go before all others that wait, in their own order', async () => {
    const { gone, send, pass } = paced(1);
    for (const name of ['a', 'b', 'read 1', 'read 2']) send(name);
    send('submission 1', true);
    send('submission 2', true);
    await pass(4000);
    expect(gone).toEqual(['a', 'b', 'submission 1', 'submission 2', 'read 1', 'read 2']);
  });

  it('B299 a late one does not pass an urgent one that waits already', async () => {
    const { gone, send, pass } = paced(1);
    for (const name of ['a', 'b']) send(name);
    send('submission', true);
    send('read');
    await pass(1000);
    expect(gone).toEqual(['a', 'b', 'submission']);
  });

  it('B299 zero is no limit', () => {
    const { gone, send, time } = paced(0);
    for (let nth = 0; nth < 1000; nth += 1) send(String(nth));
    expect(gone).toHaveLength(1000);
    expect(time.waiting).toBe(0);
  });

  it('B299 lets everything go when it ends, and leaves no timer', async () => {
    const { gone, send, pass, pace, time } = paced(1);
    for (let nth = 0; nth < 9; nth += 1) send(String(nth));
    pace.close();
    await pass(0);
    expect(gone).toHaveLength(9);
    expect(time.waiting).toBe(0);
  });
});

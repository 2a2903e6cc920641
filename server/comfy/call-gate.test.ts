import { describe, expect, it } from 'vitest';
import { ManualTime } from '../../tests/support/manual-time.ts';
import { CallGate } from './call-gate.ts';

function gate() {
  const time = new ManualTime();
  const one = new CallGate('http://pod.example:8188', time.now);
  return { time, one, passes: () => one.refusal() === undefined };
}

/** Lets every call that may be made meet this, `everyMs` apart. @returns how many were made */
function met(how: 'away' | 'refused', forMs: number, everyMs: number, { time, one, passes } = gate()): number {
  let made = 0;
  for (let ms = 0; ms < forMs; ms += everyMs) {
    if (passes()) {
      made += 1;
      one.note(how, false);
    }
    time.pass(everyMs);
  }
  return made;
}

describe('calls to a pod', () => {
  it('B291 that is away are kept back until a probe is answered', () => {
    const { time, one, passes } = gate();
    for (let nth = 0; nth < 4; nth += 1) {
      one.note('away', true);
      time.pass(900);
    }
    expect(one.refusal()).toMatchObject({ kind: 'unreachable', retryable: true });
    one.note('answered', true);
    expect(passes()).toBe(true);
  });

  it('B291 are not kept back for one short gap, however many calls it met', () => {
    const { time, one, passes } = gate();
    for (let nth = 0; nth < 20; nth += 1) {
      one.note('away', false);
      time.pass(50);
    }
    expect(passes()).toBe(true);
  });

  it('B291 without anybody who probes, one is let through after a silence of ten seconds at most', () => {
    const made = met('away', 300_000, 100);
    expect(made).toBeLessThan(60);
    expect(made).toBeGreaterThan(30);
  });

  it('B294 of wrong credentials are three, then one a minute', () => {
    expect(met('refused', 10_000, 100)).toBe(3);
    expect(met('refused', 301_000, 100)).toBe(3 + 4);
  });

  it('B294 one refused probe is enough', () => {
    const { one } = gate();
    one.note('refused', true);
    expect(one.refusal()).toMatchObject({ kind: 'unauthorized' });
  });

  it('B291 that fail in ways which say nothing of the pod count for nothing', () => {
    const { time, one, passes } = gate();
    for (let nth = 0; nth < 30; nth += 1) {
      one.note('neutral', false);
      time.pass(1000);
    }
    expect(passes()).toBe(true);
  });
});

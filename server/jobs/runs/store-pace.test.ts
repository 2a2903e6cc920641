import { describe, expect, it } from 'vitest';
import { StorePace } from './store-pace.ts';

describe('the pace of the store', () => {
  it('B307 is told once writes stay so slow that progress is written less often, until they are quick again', () => {
    let now = 0;
    const pace = new StorePace(1000, () => now);
    for (let write = 0; write < 4; write += 1) pace.wrote(500);
    expect(pace.warnings()).toEqual([]);
    pace.wrote(500);
    expect(pace.warnings()).toEqual([
      {
        code: 'slow',
        message:
          'The store is slow: one write takes 0.5 s, so progress is saved every 5 s. Look at the load and the disk of the machine that keeps it.',
      },
    ]);
    pace.wrote(90);
    expect(pace.warnings()).toEqual([]);
    for (let write = 0; write < 5; write += 1) pace.wrote(5000);
    expect(pace.warnings()[0]?.message).toContain('every 30 s');
    now = 60_001;
    expect(pace.warnings()).toEqual([]);
  });

  it('B307 is not told of writes that are quick enough for how often progress is written', () => {
    const [seldom, often] = [new StorePace(60_000), new StorePace(100)];
    for (let write = 0; write < 10; write += 1) {
      seldom.wrote(5000);
      often.wrote(200);
    }
    expect([...seldom.warnings(), ...often.warnings()]).toEqual([]);
  });
});

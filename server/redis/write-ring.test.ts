import { describe, expect, it } from 'vitest';
import { KEEP_GONE } from './scripts/return.ts';
import { WriteRing, type RingEntry } from './write-ring.ts';

const job = (id: string, value: string): RingEntry => ({ kind: 'job', id, value });
const gone = (id: string): RingEntry => ({ kind: 'script', name: id, script: KEEP_GONE, args: [id] });

describe('what an instance wrote lately', () => {
  it('B208 is kept in its newest form, with the workflow that was written first', () => {
    const ring = new WriteRing(() => 0);
    ring.add({ kind: 'job', id: 'a', value: 'a0', workflow: 'w', claim: '"k"', bodyHash: 'h' });
    ring.add(job('b', 'b0'));
    ring.add(job('a', 'a1'));
    expect(ring.entries()).toEqual([
      job('b', 'b0'),
      { kind: 'job', id: 'a', value: 'a1', workflow: 'w', claim: '"k"', bodyHash: 'h' },
    ]);
    ring.add(gone('a'));
    expect(ring.entries()).toEqual([job('b', 'b0'), gone('a')]);
  });

  it('B208 is forgotten after a while, and where it becomes too much: the oldest first', () => {
    let now = 0;
    const ring = new WriteRing(() => now, { ageMs: 1000, entries: 3, bytes: 2000 });
    for (const id of ['a', 'b', 'c', 'd']) ring.add(job(id, 'x'));
    expect(ring.entries()).toEqual(['b', 'c', 'd'].map((id) => job(id, 'x')));
    now = 900;
    ring.add(job('c', 'y'));
    now = 1001;
    expect(ring.entries()).toEqual([job('c', 'y')]);
    ring.add(job('e', 'z'.repeat(800)));
    expect(ring.entries()).toEqual([job('c', 'y'), job('e', 'z'.repeat(800))]);
    ring.add(job('f', 'z'.repeat(800)));
    expect(ring.entries()).toEqual([job('f', 'z'.repeat(800))]);
  });
});

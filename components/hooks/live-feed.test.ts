import { describe, expect, it } from 'vitest';
import { createLiveFeed } from './live-feed.ts';

const at = (seq: number, epoch = 'one') => ({ epoch, seq });

describe('a snapshot and the events around it', () => {
  it('B174 applies after the snapshot what came before it but is newer, and never what it holds', () => {
    const feed = createLiveFeed();
    const seen: string[] = [];
    for (const seq of [4, 5, 6]) feed.event(at(seq), () => seen.push(`event ${seq}`));
    expect(seen).toEqual([]);
    feed.snapshot(at(5), () => seen.push('snapshot'));
    feed.event(at(7), () => seen.push('event 7'));
    feed.event(at(3), () => seen.push('event 3'));
    expect(seen).toEqual(['snapshot', 'event 6', 'event 7']);
  });

  it('B164 takes nothing of another server process until there is a new snapshot', () => {
    const feed = createLiveFeed();
    const seen: string[] = [];
    feed.snapshot(at(90), () => seen.push('first'));
    feed.event(at(91, 'two'), () => seen.push('stranger'));
    feed.snapshot(at(1, 'two'), () => seen.push('second'));
    feed.event(at(2, 'two'), () => seen.push('event'));
    expect(seen).toEqual(['first', 'second', 'event']);
  });
});

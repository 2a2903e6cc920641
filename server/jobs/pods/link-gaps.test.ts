import { beforeEach, describe, expect, it } from 'vitest';
import { ManualTime } from '../../../tests/support/manual-time.ts';
import { GAP_TOLD_AFTER_MS, LinkGaps } from './link-gaps.ts';

describe('gaps of a live connection', () => {
  let time: ManualTime;
  let told: string[];
  let gaps: LinkGaps;
  beforeEach(() => {
    time = new ManualTime();
    told = [];
    gaps = new LinkGaps((kind, detail) => told.push(`${kind}: ${detail}`), time.now, time.after);
  });

  it('B305 are told when they last, and again when they are over', () => {
    gaps.link('socket');
    gaps.link('polling');
    time.pass(GAP_TOLD_AFTER_MS - 1);
    expect(told).toEqual([]);
    gaps.link('down');
    time.pass(1);
    expect(told).toEqual([expect.stringMatching(/^socket_lost: /)]);
    time.pass(7000);
    gaps.link('socket');
    expect(told.slice(1)).toEqual(['socket_back: It was gone for 12 seconds; nothing was lost.']);
    expect(time.waiting).toBe(0);
  });

  it('B305 are not told where they are short, nor where the connection never stood', () => {
    gaps.link('polling');
    time.pass(60_000);
    for (let gap = 0; gap < 100; gap += 1) {
      gaps.link('socket');
      gaps.link('polling');
      time.pass(GAP_TOLD_AFTER_MS - 1);
    }
    gaps.stop();
    time.pass(60_000);
    expect(told).toEqual([]);
  });

  it('B305 are told ten times of one prompt and no more', () => {
    for (let gap = 0; gap < 50; gap += 1) {
      gaps.link('socket');
      gaps.link('polling');
      time.pass(GAP_TOLD_AFTER_MS);
    }
    gaps.link('socket');
    expect(told).toHaveLength(20);
  });
});

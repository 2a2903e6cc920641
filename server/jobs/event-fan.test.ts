import { describe, expect, it } from 'vitest';
import { newJob, transition } from '../../lib/jobs/transition.ts';
import { EventFan } from './event-fan.ts';

const job = newJob({ id: '00000000-0000-4000-8000-000000000001', name: 'a', at: '2026-01-01T00:00:00.000Z' });
const at = (revision: number) => ({ ...job, revision });

describe('the fan of events', () => {
  function listening() {
    const fan = new EventFan();
    const all: number[] = [];
    const own: number[] = [];
    fan.add({ jobChanged: ({ revision }) => all.push(revision) });
    fan.addOwn({ jobChanged: ({ revision }) => own.push(revision) });
    return { fan, all, own };
  }

  it('B264 tells each change once, whether its maker or the store is heard first', () => {
    const { fan, all, own } = listening();
    fan.jobChanged(at(0));
    fan.heard.jobChanged(at(0));
    fan.heard.jobChanged(at(1));
    fan.jobChanged(at(1));
    expect(all).toEqual([0, 1]);
    expect(own).toEqual([0, 1]);
  });

  it('B264 never tells an older change after a newer one, and what others did only to those who ask for it', () => {
    const { fan, all, own } = listening();
    fan.jobChanged(at(3));
    fan.heard.jobChanged(at(2));
    fan.heard.jobChanged(at(4));
    expect(all).toEqual([3, 4]);
    expect(own).toEqual([3]);
  });

  it('B264 lets no bar go back within a prompt, whoever tells of it', () => {
    const fan = new EventFan();
    const percents: number[] = [];
    fan.add({ jobProgress: (_id, { percent }) => percents.push(percent) });
    const tell = (promptId: string, percent: number) =>
      fan.heard.jobProgress(job.id, { promptId, percent, phase: 'sampling' });
    for (const percent of [10, 40, 20, 40, 50]) tell('one', percent);
    tell('two', 5);
    expect(percents).toEqual([10, 40, 40, 50, 5]);
  });

  it('B264 tells nothing more of a prompt that is over', () => {
    const fan = new EventFan();
    const percents: number[] = [];
    fan.add({ jobProgress: (_id, { percent }) => percents.push(percent) });
    const claimed = transition(job, { type: 'claim', at: job.createdAt, podId: 'pod', promptId: job.id });
    const ended = transition(claimed, { type: 'cancelled', at: job.createdAt });
    fan.heard.jobProgress(job.id, { promptId: job.id, percent: 10, phase: 'sampling' });
    fan.heard.jobChanged(ended);
    fan.heard.jobProgress(job.id, { promptId: job.id, percent: 20, phase: 'sampling' });
    fan.heard.jobProgress(job.id, { promptId: 'the next', percent: 5, phase: 'sampling' });
    expect(percents).toEqual([10, 5]);
  });

  it('B264 tells a revision anew after something was missed: the store may have lost it and got it back', () => {
    const { fan, all } = listening();
    fan.heard.jobChanged(at(3));
    fan.missed();
    fan.heard.jobChanged(at(3));
    expect(all).toEqual([3, 3]);
  });

  it('B312 wants a change of others while any listener does', () => {
    const fan = new EventFan();
    const mark = { id: job.id, revision: 1, state: 'running' as const };
    expect(fan.wants(mark)).toBe(false);
    fan.addOwn({ jobChanged: () => undefined });
    fan.add({ podChanged: () => undefined });
    fan.add({ jobChanged: () => undefined, wants: ({ state }) => state === 'failed' });
    expect(fan.wants(mark)).toBe(false);
    expect(fan.wants({ ...mark, state: 'failed' })).toBe(true);
    const remove = fan.add({ jobChanged: () => undefined });
    expect(fan.wants(mark)).toBe(true);
    remove();
    expect(fan.wants(mark)).toBe(false);
  });

  it('B264 tells nothing older after a change that was passed over, and nothing more of the prompt that it ended', () => {
    const { fan, all } = listening();
    const percents: number[] = [];
    fan.add({ jobProgress: (_id, { percent }) => percents.push(percent) });
    fan.heard.jobChanged(at(1));
    fan.passed({ id: job.id, revision: 3, state: 'succeeded', promptId: 'one' });
    fan.heard.jobChanged(at(2));
    fan.heard.jobChanged(at(3));
    fan.heard.jobProgress(job.id, { promptId: 'one', percent: 20, phase: 'sampling' });
    fan.heard.jobProgress(job.id, { promptId: 'the next', percent: 5, phase: 'sampling' });
    fan.passed({ id: job.id, revision: 2, state: 'succeeded', promptId: 'the next' });
    fan.heard.jobProgress(job.id, { promptId: 'the next', percent: 6, phase: 'sampling' });
    fan.heard.jobChanged(at(4));
    expect(all).toEqual([1, 4]);
    expect(percents).toEqual([5, 6]);
  });
});

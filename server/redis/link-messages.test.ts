import { describe, expect, it } from 'vitest';
import type { Job } from '../../lib/jobs/job.ts';
import { accept, after, cancel, claim, queuedAt, succeed } from '../../tests/support/sample-jobs.ts';
import { readEntry } from './link-messages.ts';

const entryOf = (job: Job, record = JSON.stringify(job)) => {
  const is = `${job.state} ${job.attempts.at(-1)?.promptId ?? ''}`;
  return ['id', job.id, 'rev', String(job.revision), 'is', is, 'job', record];
};
const nobody = { isNews: () => true, wants: () => false };
const everybody = { isNews: () => true, wants: () => true };

describe('an entry of the stream of changes', () => {
  const running = after(queuedAt(1), claim(), accept);

  it('B312 is passed over unread where nobody wants it', () => {
    const [promptId] = running.attempts.map((attempt) => attempt.promptId);
    const mark = { id: running.id, revision: running.revision, state: 'running', promptId };
    expect(readEntry(entryOf(running, 'not even JSON'), nobody)).toEqual({ kind: 'passed', mark });
    const queued = queuedAt(2);
    expect(readEntry(entryOf(queued), nobody)).toEqual({
      kind: 'passed',
      mark: { id: queued.id, revision: 0, state: 'queued' },
    });
  });

  it('B312 is read where somebody wants a change of its kind', () => {
    const ended = after(running, succeed);
    const wanted = { isNews: () => true, wants: ({ state }: { state: string }) => state === 'succeeded' };
    expect(readEntry(entryOf(ended), wanted)).toEqual({ kind: 'changed', job: ended });
    expect(readEntry(entryOf(running), wanted)?.kind).toBe('passed');
    expect(readEntry(entryOf(ended, '{"half'), everybody)?.kind).toBe('unreadable');
  });

  it('B312 is read where it holds a wish to cancel, and where an earlier version wrote it', () => {
    const wish = after(running, cancel);
    expect(readEntry(entryOf(wish), nobody)).toEqual({ kind: 'changed', job: wish });
    const former = entryOf(running).filter((_, index) => index !== 4 && index !== 5);
    expect(readEntry(former, nobody)).toEqual({ kind: 'changed', job: running });
    expect(readEntry(entryOf(running).with(5, 'unheard_of x'), nobody)).toEqual({ kind: 'changed', job: running });
  });

  it('B264 is not looked at where it is no news', () => {
    expect(readEntry(entryOf(running), { ...everybody, isNews: () => false })).toBeUndefined();
    expect(readEntry(['id', running.id, 'gone', '1'], everybody)).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { RECOVERY_ACTIONS, RECOVERY_REASONS, recoverySchema, type Recovery, type RecoveryAction } from './recovery.ts';
import {
  listedNames,
  recoveredOutcome,
  recoveryFound,
  recoveryNews,
  recoveryReason,
  unansweredSentence,
} from './recovery-sentence.ts';
import { recoveryPercent, recoveryWorthTelling, viewOfRecovery } from './recovery-view.ts';

const nameOf = (id: string) => `pod ${id}`;

/** A finished recovery of jobs that met these ends. */
function recovery(actions: RecoveryAction[], more: Partial<Recovery> = {}): Recovery {
  return recoverySchema.parse({
    schemaVersion: 1,
    id: '00000000-0000-4000-8000-000000000001',
    reason: 'start',
    instance: 'studio',
    podIds: ['a'],
    startedAt: '2026-03-04T05:06:07.000Z',
    endedAt: '2026-03-04T05:06:08.000Z',
    found: actions.length,
    jobs: actions.map((action, index) => ({ jobId: String(index), name: `job ${index}`, podId: 'a', action })),
    unanswered: [],
    ...more,
  });
}

describe('a recovery for people', () => {
  it('B233 counts what became of the jobs, and names those first that may need a person', () => {
    const record = recovery(['reattached', 'stale', 'adopted', 'reattached', 'ended', 'rework', 'looking']);
    const view = viewOfRecovery(record, 3);
    expect(view.jobs.map((job) => job.action)).toEqual(['stale', 'ended', 'looking']);
    expect(view.counts).toEqual({ reattached: 2, stale: 1, adopted: 1, ended: 1, rework: 1, looking: 1 });
    expect(viewOfRecovery(record, 0)).toMatchObject({ jobs: [], found: 7, counts: view.counts });
    expect(record.jobs.map((job) => job.jobId)).toEqual(['0', '1', '2', '3', '4', '5', '6']);
  });

  it('B233 tells how far one that lasts has come', () => {
    expect(recoveryPercent({ found: 0, counts: {} })).toBe(0);
    expect(recoveryPercent({ found: 40, counts: { reattached: 9, adopted: 1, looking: 30 } })).toBe(25);
    expect(recoveryPercent({ found: 2000, counts: { reattached: 250 } })).toBe(50);
    expect(recoveryPercent({ found: 2000, counts: { reattached: 500 } })).toBe(100);
  });

  it('B236 is worth telling once it ended, if it found anything, and not for long', () => {
    const end = Date.parse('2026-03-04T05:06:08.000Z');
    const some = viewOfRecovery(recovery(['adopted']), 0);
    const none = viewOfRecovery(recovery([], { unanswered: ['b'] }), 0);
    const { endedAt: _, ...lasting } = viewOfRecovery(recovery(['adopted'], { reason: 'takeover' }), 0);
    expect(recoveryWorthTelling([lasting, none, some], end - 1000)).toBe(some);
    expect(recoveryWorthTelling([some], end + 1)).toBeUndefined();
    expect(recoveryWorthTelling([none, lasting], end)).toBeUndefined();
  });
});

describe('a recovery in words', () => {
  it('B233 lists names, and counts many', () => {
    expect(listedNames(['a'])).toBe('a');
    expect(listedNames(['a', 'b'])).toBe('a and b');
    expect(listedNames(['a', 'b', 'c'])).toBe('a, b and c');
    expect(listedNames(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c and 2 more');
  });

  it('B233 has a reason and news for every cause', () => {
    const reasons = RECOVERY_REASONS.map((reason) => recoveryReason({ reason, podIds: ['a', 'b'] }, nameOf));
    expect(reasons).toEqual([
      'Podium started',
      'Took pod a and pod b over from an instance that went away',
      'Took pod a and pod b over from an instance that gave them up',
      'pod a and pod b could be reached again',
      'Redis came back and the last moments were missing',
    ]);
    const news = RECOVERY_REASONS.map((reason) => {
      const { before, after } = recoveryNews({ reason, podIds: ['a'], found: 5 }, nameOf);
      return `${before} 2 min ago${after}`;
    });
    expect(news).toEqual([
      'Podium restarted 2 min ago and took up 5 jobs.',
      'pod a moved to another instance 2 min ago and 5 jobs were taken up.',
      'pod a moved to another instance 2 min ago and 5 jobs were taken up.',
      'pod a could be reached again 2 min ago and 5 jobs were taken up.',
      'Redis came back 2 min ago and 5 jobs were taken up.',
    ]);
    expect(recoveryNews({ reason: 'start', podIds: [], found: 1 }, nameOf).after).toBe(' and took up one job.');
  });

  it('B233 says what was found and what became of it', () => {
    const found = (record: Recovery) => recoveryFound(viewOfRecovery(record, 0));
    expect(found(recovery(['stale', 'reattached', 'reattached', 'adopted']))).toBe(
      '4 jobs were in flight: 2 followed again, 1 had ended already, 1 too old to follow.',
    );
    expect(found(recovery(['rework']))).toBe('One job was in flight: 1 runs again.');
    expect(found(recovery([]))).toBe('Nothing was in flight.');
    expect(found(recovery([], { unanswered: ['b'] }))).toBe('Nothing is known to have been in flight.');
    expect(found(recovery(['adopted', 'adopted'], { found: 9 }))).toBe(
      '9 jobs were in flight: 2 had ended already, 7 not named here.',
    );
    const { endedAt: _, ...lasting } = viewOfRecovery(recovery([]), 0);
    expect(recoveryFound(lasting)).toBe('Looking at the pods.');
    expect(recoveryFound({ ...lasting, found: 3 })).toBe('3 jobs were in flight.');
  });

  it('B233 says of every job what was done with it, each in other words', () => {
    const outcomes = RECOVERY_ACTIONS.map((action) => recoveredOutcome({ action }, 'pod a'));
    expect(new Set(outcomes).size).toBe(RECOVERY_ACTIONS.length);
    expect(recoveredOutcome({ action: 'reattached', percent: 43.9 }, 'pod a')).toBe('Followed again at 43 %');
    expect(recoveredOutcome({ action: 'rework' }, 'pod a')).toBe('Runs again because pod a died with it');
  });

  it('B233 names the pods that could not be asked', () => {
    expect(unansweredSentence([])).toBe('');
    expect(unansweredSentence(['b'])).toBe('b did not answer; its jobs are looked for when it does.');
    expect(unansweredSentence(['b', 'c'])).toBe('b and c did not answer; their jobs are looked for when they do.');
  });
});

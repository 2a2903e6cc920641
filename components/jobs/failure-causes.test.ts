import { describe, expect, it } from 'vitest';
import { BLAMES, failureRules, JOB_ERROR_CODES } from '../../lib/jobs/failure-rules.ts';
import type { FailureGroup } from '../../lib/protocol/jobs.ts';
import {
  blameSentence,
  causeHeadline,
  causesToTell,
  readDismissed,
  retriedSentence,
  withDismissed,
} from './failure-causes.ts';
import { tellsOfCauses } from './state-groups.ts';

function group(key: string, more: Partial<FailureGroup> = {}): FailureGroup {
  const { blame, sentence, nextStep } = failureRules.model_missing;
  const newestAt = '2026-03-04T05:00:00.000Z';
  return { key, code: 'model_missing', blame, sentence, nextStep, count: 2, jobs: [], newestAt, ...more };
}
const listOf = (...groups: FailureGroup[]) => ({ groups, looked: 100 });
const keys = (groups: FailureGroup[]) => groups.map(({ key }) => key);

describe('failures of one cause', () => {
  it('B330 says the number first, then what happened', () => {
    expect(causeHeadline({ count: 17, sentence: 'Model “x.safetensors” is missing on every pod.' })).toBe(
      '17 jobs: model “x.safetensors” is missing on every pod.',
    );
    expect(causeHeadline({ count: 2, sentence: 'ComfyUI found inputs that it cannot take.' })).toBe(
      '2 jobs: ComfyUI found inputs that it cannot take.',
    );
    expect(causeHeadline({ count: 2, sentence: 'KSampler failed with these inputs.' })).toBe(
      '2 jobs: KSampler failed with these inputs.',
    );
    expect(causeHeadline({ count: 2, sentence: '“a.png” is missing.' })).toBe('2 jobs: “a.png” is missing.');
  });

  it('B330 reads as a sentence for every failure', () => {
    for (const code of JOB_ERROR_CODES) {
      const headline = causeHeadline({ count: 3, sentence: failureRules[code].sentence });
      expect(headline).toMatch(/^3 jobs: (ComfyUI|Podium|[a-z“])/);
    }
  });

  it('B330 says whose fault it was, each in its own words, and blames nobody where nobody knows', () => {
    const told = BLAMES.map((blame) => blameSentence({ code: 'node_failed', blame }));
    expect(new Set(told).size).toBe(BLAMES.length);
    expect(blameSentence({ code: 'unknown_failure', blame: 'workflow' })).toBe('The cause is not known.');
  });

  it('B330 says how many are tried again', () => {
    expect(retriedSentence(17, 17)).toBe('17 jobs are tried again.');
    expect(retriedSentence(1, 2)).toBe('1 job is tried again. The others were no longer failed.');
    expect(retriedSentence(0, 2)).toBe('None of them could be retried: they are no longer failed.');
  });

  it('B331 stands above all jobs and the failed ones, not above a choice that leaves some of them out', () => {
    expect(tellsOfCauses({})).toBe(true);
    expect(tellsOfCauses({ group: 'failed' })).toBe(true);
    expect(tellsOfCauses({ group: 'active' })).toBe(false);
    expect(tellsOfCauses({ q: 'fox' })).toBe(false);
    expect(tellsOfCauses({ group: 'failed', pod: 'pod-1' })).toBe(false);
  });

  it('B331 tells no cause of one job alone, and keeps the order given', () => {
    const list = listOf(group('large', { count: 9 }), group('two'), group('alone', { count: 1 }));
    expect(keys(causesToTell(list, new Map()))).toEqual(['large', 'two']);
    expect(causesToTell(null, new Map())).toEqual([]);
  });

  it('B332 keeps a dismissed cause away until a further job fails of it', () => {
    const known = group('a');
    const dismissed = readDismissed(withDismissed(new Map(), known));
    expect(causesToTell(listOf(known, group('b')), dismissed).map(({ key }) => key)).toEqual(['b']);
    const fewer = group('a', { count: 5, newestAt: '2026-03-04T04:00:00.000Z' });
    expect(causesToTell(listOf(fewer), dismissed)).toEqual([]);
    const joined = group('a', { count: 3, newestAt: '2026-03-04T05:00:00.001Z' });
    expect(keys(causesToTell(listOf(joined), dismissed))).toEqual(['a']);
  });

  it('B332 takes what a browser kept as nothing where it cannot be read, and keeps the newest thirty', () => {
    for (const text of ['', 'a', 'a@', '@1', 'a@1@2', '{"a":1}', '%E0@1'])
      expect(readDismissed(text).size, text).toBe(0);
    expect([...readDismissed('broken.key-1@zz')]).toEqual([['key-1', 1295]]);
    let text = withDismissed(new Map(), group('first'));
    for (let at = 0; at < 30; at += 1) text = withDismissed(readDismissed(text), group(`key-${at}`));
    expect(readDismissed(text).size).toBe(30);
    expect(readDismissed(text).has('first')).toBe(false);
    const twice = withDismissed(readDismissed('key-0@1.key-1@2'), group('key-0'));
    expect(twice).toMatch(/^key-1@2\.key-0@\w+$/);
    expect(text).toMatch(/^[\w.@-]{1,1000}$/);
  });
});

import { describe, expect, it } from 'vitest';
import { judge, type Evidence, type JudgedRun } from './judge.ts';
import { Random } from './random.ts';
import { percentile, tableOf } from './table.ts';

const run = (more: Partial<JudgedRun> = {}): JudgedRun => ({
  podId: 'a',
  promptId: 'p1',
  jobId: 'j1',
  startedAt: 1000,
  endedAt: 1500,
  outcome: 'success',
  ...more,
});
const told = (state: string, error?: string) => new Map([['j1', { state, ...(error !== undefined && { error }) }]]);
const evidence = (more: Partial<Evidence> = {}): Evidence => ({
  accepted: [{ jobId: 'j1' }],
  finals: told('succeeded'),
  endedAt: new Map([['j1', 2000]]),
  runs: [run()],
  deaths: [],
  cancelled: new Set(),
  clicks: new Map(),
  removed: new Set(),
  ...more,
});
const counted = (more: Partial<Evidence>) => {
  const { lost, duplicate, rework } = judge(evidence(more));
  return { lost: lost.length, duplicate: duplicate.length, rework };
};

describe('the judge of the proof', () => {
  it('B243 finds nothing in a job that was accepted, ran once and succeeded', () => {
    expect(judge(evidence())).toEqual({ jobs: 1, lost: [], duplicate: [], rework: 0 });
  });

  it.each([
    { what: 'is unknown', more: { finals: new Map() } },
    { what: 'has not ended', more: { finals: told('running') } },
    { what: 'failed although its prompt can run', more: { finals: told('failed', 'stale') } },
    { what: 'was cancelled by nobody', more: { finals: told('cancelled') } },
    { what: 'is said to have succeeded and never ran', more: { runs: [] } },
  ])('B243 counts an accepted job that $what as lost', ({ more }) => {
    expect(counted(more).lost).toBe(1);
  });

  it('B243 takes a wish to cancel, and a stranger who took the prompt away, as reasons to end without a result', () => {
    expect(counted({ finals: told('cancelled'), cancelled: new Set(['j1']) }).lost).toBe(0);
    expect(counted({ finals: told('failed', 'prompt_lost'), removed: new Set(['p1']) }).lost).toBe(0);
  });

  it('B243 takes a pod that died with a result as a reason to end with an error, where it died before that end', () => {
    const finals = told('failed', 'output_lost');
    expect(counted({ finals, deaths: [{ podId: 'a', at: 1600 }] }).lost).toBe(0);
    expect(counted({ finals, deaths: [{ podId: 'a', at: 2100 }] }).lost).toBe(1);
    expect(counted({ finals, deaths: [{ podId: 'b', at: 1600 }] }).lost).toBe(1);
  });

  it('B289 lets a job be set aside as poison that two deaths of pods hit, and counts it as lost after fewer', () => {
    const finals = told('failed', 'poison');
    const first = run({ endedAt: 1200, outcome: 'lost' });
    const runs = [first, run({ podId: 'b', startedAt: 1300, endedAt: 1400, outcome: 'lost' })];
    const deaths = [
      { podId: 'a', at: 1200 },
      { podId: 'b', at: 1400 },
    ];
    const lost = (more: Partial<Evidence>) => counted({ finals, runs, deaths, ...more }).lost;
    expect(lost({})).toBe(0);
    expect(lost({ deaths: deaths.slice(0, 1) })).toBe(1);
    expect(lost({ deaths: [...deaths.slice(0, 1), { podId: 'c', at: 1400 }] })).toBe(1);
    expect(lost({ deaths: [...deaths.slice(0, 1), { podId: 'b', at: 2100 }] })).toBe(1);
    expect(lost({ finals: told('failed', 'pod_lost') })).toBe(1);
    // One death after two runs on one pod took only the later.
    const twice = [first, run({ startedAt: 1300, endedAt: 1400, outcome: 'lost' })];
    expect(lost({ runs: twice, deaths: [{ podId: 'a', at: 1400 }] })).toBe(1);
    expect(lost({ runs: twice, deaths: deaths.map(({ at }) => ({ podId: 'a', at })) })).toBe(0);
  });

  it.each([
    { what: 'after another', second: { startedAt: 1600, endedAt: 1700 } },
    { what: 'beside another on another pod', second: { podId: 'b', startedAt: 1200, endedAt: 1700 } },
    { what: 'beside one that was interrupted', second: { startedAt: 1200, outcome: 'interrupted' as const } },
  ])('B243 counts a run $what as a duplicate', ({ second }) => {
    expect(counted({ runs: [run(), run(second)] })).toMatchObject({ duplicate: 1, rework: 0 });
  });

  it('B243 counts a run that a pod’s death made necessary as rework', () => {
    const lost = run({ endedAt: 1300, outcome: 'lost' });
    const again = run({ podId: 'b', startedAt: 1600, endedAt: 1900 });
    expect(counted({ runs: [lost, again], deaths: [{ podId: 'a', at: 1300 }] })).toMatchObject({
      duplicate: 0,
      rework: 1,
    });
    // Done, but its pod died before anybody had seen that.
    expect(counted({ runs: [run(), again], deaths: [{ podId: 'a', at: 1550 }] })).toMatchObject({
      duplicate: 0,
      rework: 1,
    });
  });

  it('B243 takes no death as a reason that hit another pod, came before the run, or after the job had ended', () => {
    const again = run({ podId: 'b', startedAt: 1600, endedAt: 1900 });
    for (const death of [
      { podId: 'c', at: 1550 },
      { podId: 'a', at: 900 },
      { podId: 'a', at: 2100 },
    ])
      expect(counted({ runs: [run(), again], deaths: [death] })).toMatchObject({ duplicate: 1, rework: 0 });
  });

  it('B243 excuses no more runs than deaths: a third one after one death is a duplicate', () => {
    const runs = [
      run({ endedAt: 1300, outcome: 'lost' }),
      run({ podId: 'b', startedAt: 1400, endedAt: 1500 }),
      run({ podId: 'b', startedAt: 1600, endedAt: 1700 }),
    ];
    expect(counted({ runs, deaths: [{ podId: 'a', at: 1300 }] })).toMatchObject({ duplicate: 1 });
  });

  it('B243 counts two jobs that ran for one click as a duplicate: the first was answered 503 and ran all the same', () => {
    const runs = [run(), run({ jobId: 'j2', startedAt: 1600, endedAt: 1700 })];
    const clicks = new Map([
      ['j1', 1],
      ['j2', 1],
    ]);
    expect(counted({ runs, clicks }).duplicate).toBe(1);
    expect(counted({ runs, clicks: new Map([...clicks, ['j2', 2]]) }).duplicate).toBe(0);
  });

  it('B243 counts two jobs of one key as a duplicate, and looks at jobs whose acceptance nobody heard of', () => {
    const accepted = [
      { jobId: 'j1', key: 'k' },
      { jobId: 'j2', key: 'k' },
    ];
    expect(
      counted({ accepted, finals: new Map([...told('succeeded'), ['j2', { state: 'cancelled' }]]) }).duplicate,
    ).toBe(1);
    expect(counted({ accepted: [], runs: [run(), run({ startedAt: 1600, endedAt: 1700 })] }).duplicate).toBe(1);
  });
});

describe('a run of the proof', () => {
  it('B244 draws the same chances from the same seed, and others from another', () => {
    const draw = (seed: string) => {
      const random = new Random(seed);
      return [random.int(0, 1000), random.next(), random.pick(['a', 'b', 'c']), random.shuffled([1, 2, 3, 4, 5])];
    };
    expect(draw('freeze-owner-7')).toEqual(draw('freeze-owner-7'));
    expect(draw('freeze-owner-7')).not.toEqual(draw('freeze-owner-8'));
  });

  it('B244 draws whole ranges evenly', () => {
    const counts = [0, 0, 0, 0];
    for (let seed = 0; seed < 4000; seed += 1) {
      const drawn = new Random(`even-${seed}`).int(0, 3);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    for (const count of counts) expect(count).toBeGreaterThan(850);
  });

  it('B244 adds up in a table, a row for each scenario and runner and one for each runner', () => {
    const played = {
      jobs: 6,
      lost: ['x'],
      duplicate: [],
      rework: 2,
      recoveries: [100, 900],
      tookMs: 5000,
      told: [],
    };
    const rows = (['podium', 'control'] as const).map((runner) => ({
      scenario: 's',
      runner,
      played: [played, played],
      broken: 0,
    }));
    const lines = tableOf(rows).split('\n');
    expect(lines).toHaveLength(6);
    expect(lines[2]?.split('|').map((cell) => cell.trim())).toEqual([
      '',
      's',
      'podium',
      '2',
      '12',
      '2',
      '0',
      '4',
      '100 ms',
      '900 ms',
      '',
    ]);
    expect(percentile([5, 1, 3], 0.5)).toBe(3);
    expect(percentile([], 0.5)).toBeUndefined();
  });
});

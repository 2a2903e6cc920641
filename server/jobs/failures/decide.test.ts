import { describe, expect, it } from 'vitest';
import { failureRules, JOB_ERROR_CODES, type JobErrorCode } from '../../../lib/jobs/failure-rules.ts';
import { jobError, type JobError } from '../../../lib/jobs/job-error.ts';
import { MAX_EXCLUDED_PODS } from '../../../lib/jobs/job.ts';
import { MAX_UNCOUNTED } from './broken-pods.ts';
import { decide, remedyOf } from './decide.ts';
import type { JobFacts, KnownPod, PolicySettings, SeenFailure } from './decision.ts';

const settings: PolicySettings = { maxRetries: 3, backoffBaseMs: 1000, poisonAfter: 2 };
const GB = 2 ** 30;
const fresh: JobFacts = { attempts: [], retriesUsed: 0, excludedPods: [] };
const pods: KnownPod[] = [
  { id: 'a', name: 'Alpha', reach: 'ready', vramTotal: 24 * GB },
  { id: 'b', name: 'Beta', reach: 'ready', vramTotal: 24 * GB },
  { id: 'c', name: 'Gamma', reach: 'ready', vramTotal: 48 * GB },
];
const seenOn = (podId: string, error: JobError, more: Partial<SeenFailure> = {}): SeenFailure => ({
  error,
  outcome: 'failed',
  podId,
  ran: true,
  ...more,
});
const ask = (job: Partial<JobFacts>, seen: SeenFailure, known = pods, set: Partial<PolicySettings> = {}, random = 0) =>
  decide({ ...fresh, ...job }, seen, known, { ...settings, ...set }, () => random);
const of = (code: JobErrorCode) => jobError(code, `It met ${code}.`);

describe('what can mend a failure', () => {
  it.each(JOB_ERROR_CODES)('B280 is decided for %s as its category says', (code) => {
    const remedy = remedyOf(code);
    const { category } = failureRules[code];
    if (category === 'transient') expect(['time', 'rework']).toContain(remedy);
    else if (category === 'recoverable') expect(['memory', 'another_pod', 'another_gpu']).toContain(remedy);
    else expect(remedy).toBe('none');
  });

  it.each(JOB_ERROR_CODES.filter((code) => remedyOf(code) === 'none'))('B280 never tries %s again', (code) => {
    expect(ask({}, seenOn('a', of(code)))).toEqual({ kind: 'give_up', error: of(code) });
  });
});

describe('what may pass', () => {
  const busy = (retriesUsed: number, random: number, retryAfterMs?: number) =>
    ask(
      { retriesUsed },
      seenOn('a', of('pod_busy'), retryAfterMs === undefined ? {} : { retryAfterMs }),
      pods,
      { maxRetries: 9 },
      random,
    );

  it('B281 is tried again after 1, 2, 4, 8, 16 s, at most a fifth later', () => {
    const pauses = (random: number) => [0, 1, 2, 3, 4, 5, 8].map((used) => busy(used, random));
    expect(pauses(0)).toMatchObject(
      [1000, 2000, 4000, 8000, 16_000, 16_000, 16_000].map((delayMs) => ({
        kind: 'again',
        delayMs,
        charged: true,
        exclude: [],
      })),
    );
    expect(pauses(1)).toMatchObject([1200, 2400, 4800, 9600, 19_200, 19_200, 19_200].map((delayMs) => ({ delayMs })));
  });

  it('B281 waits as long as the pod asks for, up to an hour, and never shorter than its own pause', () => {
    expect(busy(0, 0, 30_000)).toMatchObject({ delayMs: 30_000 });
    expect(busy(2, 0, 10)).toMatchObject({ delayMs: 4000 });
    expect(busy(0, 0, 86_400_000)).toMatchObject({ delayMs: 3_600_000 });
  });

  it('B281 is given up when the retries are used up, and with none allowed at once', () => {
    expect(ask({ retriesUsed: 2 }, seenOn('a', of('pod_busy')))).toMatchObject({
      kind: 'again',
      plan: 'It met pod_busy. Podium tries it again (retry 3 of 3).',
    });
    expect(ask({ retriesUsed: 3 }, seenOn('a', of('pod_busy')))).toEqual({ kind: 'give_up', error: of('pod_busy') });
    expect(ask({}, seenOn('a', of('submission_cut')), pods, { maxRetries: 0 })).toMatchObject({ kind: 'give_up' });
  });
});

describe('too little memory', () => {
  const memory = { wanted: 3 * GB, free: GB / 2 };
  const oom = jobError('out_of_memory', 'Node “KSampler” ran out of memory.', { memory });
  const before = (...podIds: string[]) =>
    podIds.map((podId) => ({ podId, outcome: 'failed' as const, error: oom, ran: true }));

  it('B282 frees the memory of the pod and tries there once more', () => {
    expect(ask({}, seenOn('a', oom))).toEqual({
      kind: 'again',
      delayMs: 1000,
      charged: true,
      exclude: [],
      next: { podId: 'a', freeMemory: true },
      plan: 'Node “KSampler” ran out of memory. Podium frees the memory of pod “Alpha” and tries it there once more.',
    });
  });

  it('B282 then looks for a pod that is known to have more, and leaves out those that have not', () => {
    const small: KnownPod = { id: 'd', name: 'Delta', reach: 'away', vramTotal: 8 * GB };
    expect(ask({ attempts: before('a'), retriesUsed: 1 }, seenOn('a', oom), [...pods, small])).toMatchObject({
      kind: 'again',
      delayMs: 0,
      charged: true,
      exclude: ['a', 'b', 'd'].map((podId) => ({ podId, code: 'out_of_memory' })),
      plan: expect.stringContaining('a pod with more than 24 GB: pod “Gamma”'),
    });
    expect(ask({ attempts: before('b'), retriesUsed: 1 }, seenOn('a', oom))).toMatchObject({ next: { podId: 'a' } });
  });

  it('B282 ends with the numbers where no larger pod is left, it is away or another pod was asked for', () => {
    const numbers = {
      kind: 'give_up',
      error: {
        code: 'out_of_memory',
        message:
          'Node “KSampler” ran out of memory. Freeing the pod’s memory first did not help. It needs more than the 48 GB of ' +
          'pod “Gamma”, of which 0.5 GB were free, when it asked for 3 GB more. The largest pod that Podium knows, “Gamma”, has 48 GB.',
        memory: { ...memory, total: 48 * GB },
      },
    };
    expect(ask({ attempts: before('c'), retriesUsed: 1 }, seenOn('c', oom))).toEqual({
      ...numbers,
      error: { ...oom, ...numbers.error },
    });
    const away = pods.map((pod) => (pod.id === 'c' ? { ...pod, reach: 'away' as const } : pod));
    const leftOut = { excludedPods: [{ podId: 'c', code: 'model_missing' as const }] };
    const again = { attempts: before('a'), retriesUsed: 1 };
    expect(ask(again, seenOn('a', oom), away)).toMatchObject({ kind: 'give_up' });
    expect(ask({ ...again, ...leftOut }, seenOn('a', oom))).toMatchObject({ kind: 'give_up' });
    expect(ask({ ...again, wantedPodId: 'a' }, seenOn('a', oom))).toMatchObject({
      kind: 'give_up',
      error: { message: expect.stringContaining('on no other') },
    });
    expect(ask(again, seenOn('a', jobError('out_of_memory', 'No numbers.')), [])).toMatchObject({ kind: 'give_up' });
  });

  it('B282 is bounded by the retries, none where none is allowed', () => {
    expect(ask({}, seenOn('a', oom), pods, { maxRetries: 0 })).toMatchObject({ kind: 'give_up' });
    expect(ask({ attempts: before('a'), retriesUsed: 3 }, seenOn('a', oom))).toMatchObject({ kind: 'give_up' });
  });
});

describe('what another pod may have', () => {
  const thing = { kind: 'model' as const, name: 'x.safetensors', folder: 'models/checkpoints' };
  const missing = jobError('model_missing', 'A model is not there.', { missing: [thing] });
  const rejected = seenOn('a', missing, { outcome: 'rejected', ran: false });
  const lacks = (...ids: string[]) => pods.map((pod) => ({ ...pod, lacks: ids.includes(pod.id) ? [thing] : [] }));

  it('B283 is tried there at once, without using up a retry, and never on pods that lack it too', () => {
    expect(ask({ retriesUsed: 3 }, rejected, lacks('b'), { maxRetries: 0 })).toEqual({
      kind: 'again',
      delayMs: 0,
      charged: false,
      exclude: [
        { podId: 'a', code: 'model_missing' },
        { podId: 'b', code: 'model_missing' },
      ],
      plan:
        'A model is not there. “x.safetensors” (its place is models/checkpoints) is missing on pods “Alpha” and “Beta”. ' +
        'Podium gives it to pod “Gamma”.',
    });
  });

  it('B283 goes to a pod that was not asked or is coming, but waits for none that is away', () => {
    const only = (reach: KnownPod['reach']): KnownPod[] => [...pods.slice(0, 1), { id: 'e', name: 'Eps', reach }];
    expect(ask({}, rejected, only('ready'))).toMatchObject({
      kind: 'again',
      plan: expect.stringContaining('gives it to pod “Eps”'),
    });
    expect(ask({}, rejected, only('coming'))).toMatchObject({
      kind: 'again',
      plan: expect.stringContaining('waits for pod “Eps”'),
    });
    expect(ask({}, rejected, only('away'))).toMatchObject({
      kind: 'give_up',
      error: { message: expect.stringContaining('At the moment pod “Eps” cannot be given work.') },
    });
  });

  it('B283 ends where no pod is left, naming things, pods and places', () => {
    expect(ask({}, rejected, lacks('b', 'c'))).toMatchObject({
      kind: 'give_up',
      error: {
        code: 'model_missing',
        category: 'permanent',
        message:
          'A model is not there. “x.safetensors” (its place is models/checkpoints) is missing on pods “Alpha”, “Beta” and “Gamma”.',
      },
    });
    const leftOut = [
      { podId: 'b', code: 'pod_disk_full' as const },
      { podId: 'c', code: 'out_of_memory' as const },
    ];
    expect(ask({ excludedPods: leftOut }, rejected)).toMatchObject({
      kind: 'give_up',
      error: { message: expect.stringContaining('Before, pods “Beta” and “Gamma” could not run it either.') },
    });
    expect(ask({}, rejected, pods.slice(0, 1))).toMatchObject({
      error: { message: expect.stringContaining('There is no other pod.') },
    });
  });

  it('B283 ends a job that leaves out as many pods as are remembered, since it would come back to one of them', () => {
    const full = Array.from({ length: MAX_EXCLUDED_PODS }, (_, index) => ({
      podId: `old-${index}`,
      code: 'model_missing' as const,
    }));
    expect(ask({ excludedPods: full.slice(1) }, rejected).kind).toBe('again');
    expect(ask({ excludedPods: full }, rejected).kind).toBe('give_up');
  });

  it('B283 does not move a job from the pod a person asked for', () => {
    expect(ask({ wantedPodId: 'a' }, rejected, lacks())).toMatchObject({
      kind: 'give_up',
      error: {
        category: 'permanent',
        message: expect.stringContaining('It was to run on pod “Alpha” and on no other.'),
      },
    });
  });

  it.each(JOB_ERROR_CODES.filter((code) => remedyOf(code) === 'another_pod'))(
    'B283 %s uses up a retry only where its rule says so',
    (code) => {
      const charged = failureRules[code].usesAttempt;
      expect(ask({}, seenOn('a', of(code)))).toMatchObject({
        kind: 'again',
        charged,
        delayMs: 0,
        exclude: [{ podId: 'a', code }],
      });
      expect(ask({ retriesUsed: 3 }, seenOn('a', of(code))).kind).toBe(charged ? 'give_up' : 'again');
    },
  );
});

describe('pods that break down', () => {
  const gpu = of('gpu_broken');
  const died = of('pod_lost');
  const gpuOn = (podId: string, ran = true) => ({ podId, outcome: 'failed' as const, error: gpu, ran });
  const deathOn = (podId: string, ran?: boolean) => ({
    podId,
    outcome: 'pod_died' as const,
    ...(ran !== undefined && { ran }),
  });
  const death = (podId: string, ran?: boolean): SeenFailure => ({
    error: died,
    outcome: 'pod_died',
    podId,
    ...(ran !== undefined && { ran }),
  });

  it('B284 a broken GPU uses up no retry and leaves no pod out for good', () => {
    expect(ask({ retriesUsed: 3 }, seenOn('a', gpu))).toMatchObject({
      kind: 'again',
      delayMs: 0,
      charged: false,
      exclude: [],
      plan: expect.stringContaining('keeps pod “Alpha” from work'),
    });
  });

  it('B284 a job that waited behind the one that broke the GPU is not held responsible', () => {
    const behind = Array.from({ length: 5 }, () => gpuOn('a', false));
    expect(ask({ attempts: behind }, seenOn('b', gpu, { ran: false }))).toMatchObject({ kind: 'again' });
    expect(ask({ attempts: behind }, seenOn('b', gpu))).toMatchObject({ kind: 'again' });
    const endless = Array.from({ length: MAX_UNCOUNTED }, () => gpuOn('a', false));
    expect(ask({ attempts: endless }, seenOn('b', gpu, { ran: false }))).toEqual({ kind: 'give_up', error: gpu });
  });

  it('B285 sets a job aside under which two pods broke down, by death or by GPU, naming them', () => {
    const poison = {
      kind: 'give_up',
      error: {
        code: 'poison',
        message:
          'Pods broke down twice while they worked on this job: “Alpha” and “Beta”. It is given to no further one.',
      },
    };
    expect(ask({ attempts: [gpuOn('a')] }, seenOn('b', gpu))).toMatchObject(poison);
    expect(ask({ attempts: [deathOn('a', true)] }, death('b', true))).toMatchObject(poison);
    expect(ask({ attempts: [deathOn('a', true)] }, seenOn('b', gpu))).toMatchObject(poison);
  });

  it('B285 names a pod once, however often it broke down, and keeps what the last one said', () => {
    const seen = seenOn('b', { ...gpu, exceptionType: 'RuntimeError', traceback: 'at node 5' });
    expect(ask({ attempts: [gpuOn('b')] }, seen)).toMatchObject({
      error: {
        code: 'poison',
        message: 'Pod “Beta” broke down twice while it worked on this job. It is given to no further one.',
        exceptionType: 'RuntimeError',
        traceback: 'at node 5',
      },
    });
    expect(ask({ attempts: [gpuOn('b'), gpuOn('a')] }, seen, pods, { poisonAfter: 3 })).toMatchObject({
      error: { message: expect.stringContaining('3 times while they worked on this job: “Beta” (twice) and “Alpha”.') },
    });
  });

  it('B285 runs again what a pod took with it, as often as it likes while it had not begun', () => {
    expect(ask({}, death('a', true))).toEqual({ kind: 'rework', plan: died.message });
    const waited = [deathOn('a', false), deathOn('a'), deathOn('b', false)];
    expect(ask({ attempts: waited }, death('a', false))).toMatchObject({ kind: 'rework' });
    expect(ask({ attempts: waited }, death('a', true))).toMatchObject({ kind: 'rework' });
    const many = Array.from({ length: MAX_UNCOUNTED }, () => deathOn('a'));
    expect(ask({ attempts: many }, death('a'))).toEqual({ kind: 'give_up', error: died });
  });

  it('B285 lets the setting say how many', () => {
    expect(ask({}, death('a', true), pods, { poisonAfter: 1 })).toMatchObject({ error: { code: 'poison' } });
    expect(ask({ attempts: [deathOn('a', true)] }, death('b', true), pods, { poisonAfter: 3 }).kind).toBe('rework');
  });
});

describe('a program’s own run', () => {
  const alone = { alone: true } as const;
  it('B287 has no other pod, no quarantine and no queue to wait in', () => {
    expect(ask(alone, seenOn('a', of('gpu_broken')), [])).toMatchObject({ kind: 'give_up' });
    expect(ask(alone, seenOn('a', of('model_missing')), [])).toMatchObject({ kind: 'give_up' });
    expect(ask(alone, seenOn('a', of('pod_lost'), { outcome: 'pod_died' }), [])).toMatchObject({
      kind: 'again',
      charged: true,
    });
    expect(ask(alone, seenOn('a', of('out_of_memory')), [])).toMatchObject({ next: { freeMemory: true } });
  });
});

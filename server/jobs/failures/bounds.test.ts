import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JOB_ERROR_CODES } from '../../../lib/jobs/failure-rules.ts';
import { jobError } from '../../../lib/jobs/job-error.ts';
import { isTerminal, jobSchema, mayTake, type Job } from '../../../lib/jobs/job.ts';
import { newJob, transition } from '../../../lib/jobs/transition.ts';
import { podView } from '../../../tests/support/fake-desk.ts';
import { FailedAttempt } from '../runs/failed-attempt.ts';
import { JITTER, MAX_PAUSE_MS } from './backoff.ts';
import { MAX_UNCOUNTED } from './broken-pods.ts';
import { remedyOf } from './decide.ts';
import type { SeenFailure } from './decision.ts';
import { ComfyUIErrorHandlerService } from './error-handler.ts';

const POD_IDS = ['a', 'b', 'c', 'd'];
const thing = { kind: 'model' as const, name: 'x.safetensors' };
const now = Date.UTC(2026, 0, 2);
const at = new Date(now).toISOString();

const failures = fc.record({
  code: fc.constantFrom(...JOB_ERROR_CODES.filter((code) => remedyOf(code) !== 'none')),
  ran: fc.option(fc.boolean(), { nil: undefined }),
  retryAfterMs: fc.option(fc.nat(10 * MAX_PAUSE_MS), { nil: undefined }),
  names: fc.boolean(),
  /** Which of the pods that may take the job next does. */
  taker: fc.nat(),
});
const worlds = fc.record({
  pods: fc.array(
    fc.record({
      state: fc.constantFrom('up', 'degraded', 'connecting', 'gone', 'quarantined'),
      vram: fc.option(fc.constantFrom(8, 24, 48), { nil: undefined }),
      lacks: fc.option(fc.boolean(), { nil: undefined }),
    }),
    { minLength: 1, maxLength: POD_IDS.length },
  ),
  maxRetries: fc.nat(6),
  backoffBase: fc.integer({ min: 1, max: MAX_PAUSE_MS }),
  poisonAfter: fc.integer({ min: 1, max: 4 }),
  wanted: fc.option(fc.nat(3), { nil: undefined }),
  failures: fc.array(failures, { minLength: 1, maxLength: 40 }),
  random: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
});

/** A job that only ever meets these failures, in turn and over again. */
async function play(world: typeof worlds extends fc.Arbitrary<infer W> ? W : never) {
  const ids = POD_IDS.slice(0, world.pods.length);
  const { maxRetries, backoffBase, poisonAfter } = world;
  const policy = new ComfyUIErrorHandlerService({ maxRetries, backoffBase, poisonAfter, random: () => world.random });
  const views = world.pods.map(({ state, vram }, index) =>
    podView(ids[index] ?? '', {
      state,
      devices: vram === undefined ? [] : [{ name: 'gpu', type: 'cuda', vramTotal: vram * 2 ** 30, vramFree: 0 }],
    }),
  );
  const lacks = async (podId: string) => {
    const lacking = world.pods[ids.indexOf(podId)]?.lacks;
    return lacking === undefined ? undefined : lacking ? [thing] : [];
  };
  const wantedPodId = world.wanted === undefined ? undefined : ids[world.wanted % ids.length];
  const deps = { policy, pods: () => views, lacks, clock: { now: () => new Date(now) } };
  let job: Job = newJob({
    id: 'bbbbbbbb-0000-4000-8000-000000000001',
    name: 'j',
    at,
    ...(wantedPodId && { wantedPodId }),
  });
  const pauses: number[] = [];
  const bound = 1 + maxRetries + ids.length + poisonAfter + MAX_UNCOUNTED;
  for (let step = 0; !isTerminal(job.state); step += 1) {
    expect(step).toBeLessThan(bound);
    const takers = ids.filter((id) => mayTake(id, job));
    expect(takers).not.toEqual([]);
    const failure = world.failures[step % world.failures.length];
    if (!failure) throw new Error('There is always a failure');
    const podId = takers[failure.taker % takers.length] ?? '';
    const promptId = 'aaaaaaaa-0000-4000-8000-000000000001';
    job = transition(job, { at, type: 'claim', podId, promptId });
    const seen: SeenFailure = {
      error: jobError(failure.code, 'It failed.', failure.names ? { missing: [thing] } : {}),
      outcome: failure.code === 'pod_lost' ? 'pod_died' : 'failed',
      podId,
      ...(failure.ran !== undefined && { ran: failure.ran }),
      ...(failure.retryAfterMs !== undefined && { retryAfterMs: failure.retryAfterMs }),
    };
    const failed = new FailedAttempt(deps, seen);
    await failed.askOthers(new AbortController().signal);
    const before = job;
    job = transition(job, { ...failed.event(job), at });
    expect(job.retriesUsed - before.retriesUsed).toBeLessThanOrEqual(1);
    if (job.state === 'retry_wait') pauses.push(Date.parse(job.retryAt) - now);
  }
  return { job, pauses, bound };
}

describe('any sequence of failures', () => {
  it('B286 ends, within the attempts and the pauses that the policy allows', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const { job, pauses, bound } = await play(world);
        expect(jobSchema.parse(job)).toEqual(job);
        expect(job.state).toBe('failed');
        expect(job.attempts.length).toBeLessThanOrEqual(bound);
        expect(job.retriesUsed).toBeLessThanOrEqual(world.maxRetries);
        const asked = Math.max(0, ...world.failures.map(({ retryAfterMs = 0 }) => retryAfterMs));
        const longest = Math.max(asked, Math.ceil(16 * world.backoffBase * (1 + JITTER)));
        for (const pause of pauses) expect(pause).toBeLessThanOrEqual(Math.min(longest, MAX_PAUSE_MS));
        const deaths = job.attempts.filter(({ outcome, ran }) => outcome === 'pod_died' && ran === true);
        expect(deaths.length).toBeLessThanOrEqual(world.poisonAfter);
      }),
      { numRuns: 400 },
    );
  }, 30_000);
});

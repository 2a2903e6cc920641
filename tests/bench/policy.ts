import { JOB_ERROR_CODES } from '../../lib/jobs/failure-rules.ts';
import { jobError } from '../../lib/jobs/job-error.ts';
import type { Job } from '../../lib/jobs/job.ts';
import { newJob, transition } from '../../lib/jobs/transition.ts';
import { decide } from '../../server/jobs/failures/decide.ts';
import { factsOf, type KnownPod, type SeenFailure } from '../../server/jobs/failures/decision.ts';
import { compare, median, type Comparison } from './compare.ts';

const ROUND = 20_000;
const POD_COUNT = 20;
const at = '2026-01-01T00:00:00.000Z';
const promptId = 'aaaaaaaa-0000-4000-8000-000000000001';
const thing = { kind: 'model' as const, name: 'x.safetensors', folder: 'models/checkpoints' };
const settings = { maxRetries: 3, backoffBaseMs: 1000, poisonAfter: 2 };

/** A job that has failed three times before and runs again. */
function tried(): Job {
  const fresh: Job = newJob({ id: 'bbbbbbbb-0000-4000-8000-000000000001', name: 'bench', at });
  const error = jobError('pod_busy', 'The pod asked for a pause.');
  const once = (job: Job) => {
    const running = transition(transition(job, { at, type: 'claim', podId: 'pod-0', promptId }), {
      at,
      type: 'accept',
    });
    return transition(running, { at, type: 'fail', error, outcome: 'failed', retryAt: at });
  };
  return transition(once(once(once(fresh))), { at, type: 'claim', podId: 'pod-0', promptId });
}

/** Decisions about failures of every code against the least that each failure costs anyway: its job's record as JSON. */
export async function policyBench(repeats: number, onRepeat: (done: number) => void): Promise<Comparison> {
  const job = tried();
  const pods: KnownPod[] = Array.from({ length: POD_COUNT }, (_, index) => ({
    id: `pod-${index}`,
    name: `Pod ${index}`,
    reach: 'ready',
    vramTotal: (8 + index) * 2 ** 30,
    lacks: index % 2 === 0 ? [thing] : [],
  }));
  const failures = JOB_ERROR_CODES.map((code): SeenFailure => {
    const error = jobError(code, 'It failed.', { missing: [thing] });
    return { error, outcome: 'failed', podId: 'pod-0', ran: true };
  });
  const timed = (work: (index: number) => unknown) => async () => {
    const began = performance.now();
    for (let index = 0; index < ROUND; index += 1) work(index);
    return ((performance.now() - began) / ROUND) * 1000;
  };
  const seen = (index: number) => failures[index % failures.length] as SeenFailure;
  const comparison = await compare(
    `one decision about a failure, ${POD_COUNT} pods known, against the job's record as JSON`,
    {
      subject: timed((index) => decide(factsOf(job), seen(index), pods, settings, Math.random)),
      baseline: timed(() => JSON.stringify(job)),
    },
    { repeats, unit: 'µs', aim: '≤ 0.5', onRepeat },
  );
  return { ...comparison, notes: [`${Math.round(1e6 / median(comparison.subject))} decisions a second`] };
}

import { randomUUID } from 'node:crypto';
import { beforeEach, expect, it } from 'vitest';
import { jobError, type JobError, type MissingThing } from '../../lib/jobs/job-error.ts';
import type { Job } from '../../lib/jobs/job.ts';
import { newJob, transition, type JobEvent } from '../../lib/jobs/transition.ts';
import type { PodView } from '../../lib/protocol/pods.ts';
import { DeskError } from './desk.ts';
import { failureKey } from './failures/failure-groups.ts';
import { JobService, type JobServiceDeps } from './job-service.ts';

const AT = '2026-03-04T05:06:07.000Z';
const model: MissingThing = { kind: 'model', name: 'x', classType: 'CheckpointLoaderSimple', input: 'ckpt_name' };
const lacksX = jobError('model_missing', 'No pod has it.', { subject: 'x', missing: [model] });
const views = ['a', 'b'].map((id) => ({ id, name: id, state: 'up', breaker: 'closed' }) as PodView);

let jobs: Map<string, Job>;
let service: JobService;
let members: string[];
let woken: number;
/** Called before a change is decided, as another instance may act in between. */
let meanwhile: (id: string) => void;

function change(job: Job, event: Omit<JobEvent, 'at'>): Job {
  const next = transition(job, { ...event, at: AT } as JobEvent);
  jobs.set(next.id, next);
  return next;
}
function failed(error: JobError = lacksX, pod?: string): string {
  const id = randomUUID();
  const job = newJob({ id, name: 'a job', at: AT, ...(pod !== undefined && { wantedPodId: pod }) });
  change(job, { type: 'fail', error, outcome: 'failed' } as JobEvent);
  return id;
}
const stateOf = (id: string) => jobs.get(id)?.state;

beforeEach(() => {
  jobs = new Map();
  members = [];
  woken = 0;
  meanwhile = () => undefined;
  service = new JobService({
    store: { get: async (id: string) => (jobs.has(id) ? { job: jobs.get(id) } : undefined) },
    writer: {
      apply: async (id: string, decide: (job: Job) => Omit<JobEvent, 'at'> | undefined) => {
        meanwhile(id);
        const job = jobs.get(id);
        const event = job && decide(job);
        return event ? change(job, event) : job;
      },
    },
    runner: {
      wake: () => (woken += 1),
      liveProgress: () => undefined,
      requirePod: (id?: string) => {
        if (id === undefined || views.some((view) => view.id === id)) return;
        throw new DeskError('invalid_request', 'There is no such pod.', [{ field: 'pod', message: 'Leave it out.' }]);
      },
      pods: () => views,
    },
    groups: { members: async () => members },
    admission: { admit: () => Promise.reject(new Error('Nothing is submitted here')) },
    catalogs: { lacks: async (podId: string) => (podId === 'a' ? [model] : []) },
  } as unknown as JobServiceDeps);
});

it('B315 jobs that changed since they were looked through are passed over, even when they failed anew otherwise', async () => {
  members = [failed(), failed(), failed(), randomUUID()];
  const [first = '', second = '', third = ''] = members;
  meanwhile = (id) => {
    if (id === first) change(jobs.get(id) as Job, { type: 'retry_request' });
    if (id === second) failedAnew(id);
  };
  const failedAnew = (id: string) => {
    const again = change(jobs.get(id) as Job, { type: 'retry_request' });
    change(again, { type: 'fail', error: jobError('node_failed', 'It failed.'), outcome: 'failed' } as JobEvent);
  };
  expect(await service.retryGroup(failureKey(lacksX))).toBe(1);
  expect([stateOf(first), stateOf(second), stateOf(third)]).toEqual(['queued', 'failed', 'queued']);
  expect(woken).toBe(1);
});

it('B315 a group that no job belongs to any more, and a desk that closes, retry nothing', async () => {
  await expect(service.retryGroup('0123456789abcdef')).rejects.toMatchObject({ code: 'not_found' });
  members = [failed()];
  service.close();
  await expect(service.retryGroup(failureKey(lacksX))).rejects.toMatchObject({ code: 'shutting_down' });
  expect(stateOf(members[0] ?? '')).toBe('failed');
});

it('B313 a retry on a pod is for that pod alone, and one on a pod that is not there changes nothing', async () => {
  const id = failed();
  await expect(service.retry(id, { pod: 'nope' })).rejects.toMatchObject({
    code: 'invalid_request',
    errors: [{ field: 'pod' }],
  });
  expect(stateOf(id)).toBe('failed');
  const job = await service.retry(id, { pod: 'b', freeMemory: true });
  expect(job).toMatchObject({ state: 'queued', wantedPodId: 'b', next: { freeMemory: true } });
  expect(woken).toBe(1);
});

it('B316 the outlook of a job that only one pod may take is that pod’s', async () => {
  expect((await service.outlook(failed())).works).toBe('yes');
  const pinned = await service.outlook(failed(lacksX, 'a'));
  expect([pinned.works, pinned.pods.map(({ podId }) => podId)]).toEqual(['no', ['a']]);
  expect((await service.outlook(failed(lacksX, 'gone'))).works).toBe('no');
});

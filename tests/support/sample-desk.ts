import { randomUUID } from 'node:crypto';
import type { Job } from '../../lib/jobs/job.ts';
import { jobError } from '../../lib/jobs/job-error.ts';
import type { JobBundle } from '../../server/jobs/records/store-transfer.ts';
import type { JobEventInput } from '../../server/jobs/job-writer.ts';
import {
  accept,
  after,
  askAgain,
  cancel,
  claim,
  fail,
  failUntil,
  queuedAt,
  second,
  succeed,
  workflowOf,
} from './sample-jobs.ts';

/** A way into each state, and back out of an end; each with prompt ids of its own. */
const lives = (): JobEventInput[][] => [
  [],
  [claim()],
  [claim('pod-b'), { type: 'lose_sight', reason: 'The line went dead.' }],
  [claim('pod-b'), accept],
  [claim(), failUntil(second(90_000))],
  [claim(), accept, succeed],
  [claim(), accept, fail],
  [cancel],
  [claim(), accept, fail, askAgain],
  [claim(), { type: 'fail', error: jobError('pod_busy', 'Busy.'), outcome: 'refused' }],
];

/** `count` jobs as a store may hold them: in all states, some with keys, saved workflows and progress. Oldest first. */
export function sampleBundles(count: number): JobBundle[] {
  return Array.from({ length: count }, (_, index) => {
    const ways = lives();
    const life = ways[index % ways.length] ?? [];
    const job = after(queuedAt(index, { name: `Füchse ${index} 🦊`, priority: index % 3 }), ...life);
    return {
      job,
      workflow: { ...workflowOf(job.name), ...(index % 4 === 0 && { workflow: { nodes: [index, null, 'ü'] } }) },
      ...(index % 3 === 0 && { claim: { key: `key-${randomUUID()}`, bodyHash: `hash-${index}` } }),
      ...(onPod(job) && {
        progress: { promptId: job.attempts.at(-1)?.promptId ?? '', percent: index % 100, phase: 'sampling' as const },
        progressAt: second(index + 60),
      }),
    };
  });
}

function onPod(job: Job): boolean {
  return job.state === 'running' || job.state === 'uncertain';
}

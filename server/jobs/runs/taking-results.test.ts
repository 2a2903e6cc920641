import { describe, expect, it } from 'vitest';
import type { JobIn, JobOutput } from '../../../lib/jobs/job.ts';
import { accept, after, claim, queuedAt } from '../../../tests/support/sample-jobs.ts';
import type { JobEventInput } from '../job-writer.ts';
import { COPY_PACE } from './output-copying.ts';
import { PodCallError } from '../pod-client.ts';
import type { PodOutput } from '../pod-events.ts';
import { takeResults, type TakingDeps } from './taking-results.ts';

const silentLog = { debug() {}, info() {}, warn() {}, error() {} };
const file = (filename: string): PodOutput => ({ nodeId: '9', kind: 'file', filename, subfolder: '', type: 'output' });
const died: JobEventInput = { type: 'rework', reason: 'The pod died.' };

/** Of two files the pod has lost the second. */
function take(given: { deaths?: number; forgotten?: () => Promise<boolean>; has?: boolean }) {
  const deaths = Array.from({ length: given.deaths ?? 0 }, () => [claim(), died]).flat();
  const job = after(queuedAt(0), ...deaths, claim(), accept) as JobIn<'running'>;
  const deps: TakingDeps = {
    pod: {
      openOutput: () => Promise.reject(new Error('nothing is opened here')),
      hasForgotten: given.forgotten ?? (() => Promise.resolve(true)),
    },
    outputs: {
      copy: ({ index }) =>
        index === 0 || given.has
          ? Promise.resolve({ index, sha256: 'x' } as JobOutput)
          : Promise.reject(new PodCallError('not_found', 'It is not there.')),
    },
    copyPace: COPY_PACE,
    lateFiles: { hasRoom: () => true, expect: () => Promise.resolve() },
    clock: { now: () => new Date(0) },
    log: silentLog,
    signal: new AbortController().signal,
    note: () => Promise.resolve(),
  };
  return takeResults(deps, job, {}, { kind: 'succeeded', outputs: [file('a'), file('b')], warnings: ['Odd.'] });
}

describe('taking what a prompt left', () => {
  it('B302 runs it again where the pod proved to have restarted and has lost a file', async () => {
    expect(await take({})).toMatchObject({ outcome: 'pod_died', ran: false, error: { code: 'pod_lost' } });
    expect(await take({ deaths: 1 })).toMatchObject({ outcome: 'pod_died' });
  });

  it('B302 goes without the file where that is not proven, cannot be asked, or has happened twice', async () => {
    const goesWithout = { type: 'succeed', outputs: [{ index: 0 }], onPod: [] };
    const warnings = ['Odd.', expect.stringContaining('The pod does not give “b”')];
    for (const forgotten of [() => Promise.resolve(false), () => Promise.reject(new Error('away'))])
      expect(await take({ forgotten })).toMatchObject({ ...goesWithout, warnings });
    expect(await take({ deaths: 2 })).toMatchObject({ ...goesWithout, warnings });
  });

  it('B302 asks for no proof where nothing is missing', async () => {
    const forgotten = () => Promise.reject(new Error('asked'));
    expect(await take({ has: true, forgotten })).toMatchObject({ type: 'succeed', warnings: ['Odd.'] });
  });
});

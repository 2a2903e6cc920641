import { beforeEach, describe, expect, it } from 'vitest';
import type { JobOutput } from '../../../lib/jobs/job.ts';
import { COPY_PACE, copyOutputs } from './output-copying.ts';
import { OutputRefusedError } from '../output-store.ts';
import { PodCallError } from '../pod-client.ts';
import type { PodOutput } from '../pod-events.ts';

const silentLog = { debug() {}, info() {}, warn() {}, error() {} };
const diskError = (code: string) => Object.assign(new Error(`${code}: write`), { code });
const file = (filename: string): PodOutput => ({ nodeId: '9', kind: 'file', filename, subfolder: 's', type: 'output' });

describe('copying what a prompt left', () => {
  let failing: (index: number, tries: number) => Error | undefined;
  let tries: number[];
  let delays: string[];
  let room: boolean;
  let nowMs: number;
  beforeEach(() => {
    failing = () => undefined;
    [tries, delays, room, nowMs] = [[], [], true, 0];
  });

  const copy = (files: PodOutput[], signal = new AbortController().signal) =>
    copyOutputs(
      {
        pod: { openOutput: () => Promise.reject(new Error('nothing is opened here')) },
        outputs: {
          copy: ({ index }) => {
            tries[index] = (tries[index] ?? 0) + 1;
            nowMs += 60_000;
            const error = failing(index, tries[index] ?? 0);
            return error ? Promise.reject(error) : Promise.resolve({ index, sha256: 'x' } as JobOutput);
          },
        },
        signal,
        clock: { now: () => new Date(nowMs) },
        log: silentLog,
        pace: { ...COPY_PACE, diskPausesMs: [1, 1] },
        mayLeave: () => room,
        onDelay: (reason) => Promise.resolve(delays.push(reason)),
      },
      { jobId: 'j', attempt: 1 },
      files,
      () => 'Save Image',
    );

  it('B300 tries a file three times within 20 s, then leaves it and those after it on the pod', async () => {
    expect(COPY_PACE.diskPausesMs).toHaveLength(2);
    expect(COPY_PACE.diskPausesMs.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(20_000);
    failing = (index) => (index >= 1 ? diskError('ENOSPC') : undefined);
    const text: PodOutput = { nodeId: '4', kind: 'text', text: 'a caption' };
    const copied = await copy([file('a.png'), file('b.png'), file('c.png'), text]);
    expect(tries).toEqual([1, 3]);
    expect(copied).toMatchObject({ outputs: [{ index: 0 }], warnings: [], gone: false });
    expect(copied?.onPod).toEqual([
      { index: 1, nodeId: '9', filename: 'b.png', subfolder: 's', type: 'output' },
      { index: 2, nodeId: '9', filename: 'c.png', subfolder: 's', type: 'output' },
      { index: 3, nodeId: '4', filename: 'text-3.txt', subfolder: '', type: 'output', text: 'a caption' },
    ]);
    expect(copied?.leftBecause).toBe('There is no room on Podium’s disk for “b.png”.');
    expect(delays).toEqual(['There is no room on Podium’s disk for “b.png”.']);
  });

  it.each(['EDQUOT', 'EIO', 'EROFS', 'EACCES', 'EMFILE'])('B300 takes %s for a disk that may recover', async (code) => {
    failing = (_index, count) => (count < 3 ? diskError(code) : undefined);
    expect(await copy([file('a.png')])).toMatchObject({ outputs: [{ index: 0 }], onPod: [] });
    failing = () => diskError(code);
    expect((await copy([file('a.png')]))?.onPod).toHaveLength(1);
  });

  it('B300 says that a text is lost which is too long to be kept without a disk', async () => {
    failing = () => diskError('ENOSPC');
    const copied = await copy([file('a.png'), { nodeId: '4', kind: 'text', text: 'x'.repeat(10_001) }]);
    expect(copied?.onPod).toHaveLength(1);
    expect(copied?.warnings).toEqual([expect.stringContaining('too long')]);
  });

  it('B300 gives a file up as lost where too many jobs have left theirs already', async () => {
    room = false;
    nowMs = 0;
    let count = 0;
    failing = () => {
      count += 1;
      // Ten minutes go by.
      if (count === 2) nowMs += 600_000;
      return diskError('ENOSPC');
    };
    const copied = await copy([file('a.png')]);
    expect(count).toBe(2);
    expect(copied).toMatchObject({ onPod: [], error: { code: 'output_lost' } });
  });

  it('B302 tells a file that the pod does not have from one that is refused here', async () => {
    failing = (index) =>
      index === 0 ? new PodCallError('not_found', 'It is not there.') : new OutputRefusedError('It is too large.');
    expect(await copy([file('a.png')])).toMatchObject({ gone: true, error: { code: 'output_lost' }, onPod: [] });
    const refused = await copy([file('a.png'), file('b.png')]);
    expect(refused).toMatchObject({ gone: true, error: { code: 'output_refused' } });
    expect(refused?.warnings).toHaveLength(2);
    expect(tries).toEqual([2, 1]);
  });

  it('B42 stops at once when it is told to', async () => {
    const stop = new AbortController();
    failing = () => {
      stop.abort();
      return new PodCallError('unreachable', 'It is away.');
    };
    expect(await copy([file('a.png')], stop.signal)).toBeUndefined();
  });
});

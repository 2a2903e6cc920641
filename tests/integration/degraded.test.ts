import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import type { HttpFault } from '../../server/demo-pod/pod-faults.ts';
import { openTestDesk, type TestDesk } from '../support/open-test-desk.ts';
import { stepsPrompt } from '../support/prompts.ts';
import { waitUntil } from '../support/wait-until.ts';

describe('a pod of which only a part works', () => {
  let pod: DemoPod;
  let test: TestDesk;
  beforeEach(async () => {
    pod = await createDemoPod({ stepMs: 10 });
    test = await openTestDesk({ one: pod.url }, {}, { podTiming: { lookMs: 100 } });
  });
  afterEach(async () => {
    await test.close();
    await pod.close();
  });

  it.each<{ how: string; fault: HttpFault }>([
    { how: 'fails', fault: { kind: 'status', status: 500, contentType: 'text/plain', body: 'boom' } },
    { how: 'is garbage', fault: { kind: 'raw', body: Buffer.from('{"a": ['), headers: {} } },
    { how: 'is of another shape', fault: { kind: 'raw', body: Buffer.from('[1]'), headers: {} } },
    { how: 'is a page', fault: { kind: 'raw', body: Buffer.from('<html>'), headers: { 'content-type': 'text/html' } } },
    { how: 'breaks off', fault: { kind: 'cut', bytes: 10 } },
  ])('B307 a job stays followed while its pod’s history $how, and ends well when that is over', async ({ fault }) => {
    const works = pod.control.fault({ path: /^\/history/ }, fault);
    const { id } = await test.submit(stepsPrompt(2, 10));
    await pod.control.idle();
    const reads = () => pod.control.requests.filter(({ path }) => path.includes('/history')).length;
    const before = reads();
    await waitUntil(() => reads() >= before + 3, 'history is read in vain');
    expect((await test.job(id)).state).toBe('running');
    works();
    const job = await test.reaches(id, 'succeeded');
    expect(job.outputs).toHaveLength(1);
    expect(job.attempts).toHaveLength(1);
    expect(pod.control.posts).toHaveLength(1);
  });

  it('B307 progress is written less often where the store is slow, and is as live as ever', async () => {
    await test.restart({ progressIntervalMs: 100 });
    const { store, events } = test.desk;
    let writes = 0;
    const save = store.saveProgress.bind(store);
    store.saveProgress = async (...args) => {
      writes += 1;
      await new Promise((resolve) => setTimeout(resolve, 300));
      await save(...args);
    };
    let told = 0;
    const begun = performance.now();
    events.add({ jobProgress: () => void (told += 1) });
    const { id } = await test.submit(stepsPrompt(40, 25));
    await test.reaches(id, 'succeeded');
    expect(told).toBeGreaterThan(10);
    // After 300 ms for one the next comes 3 s after it; at the usual pace it would be ten a second.
    expect(writes).toBeLessThanOrEqual(2 + (performance.now() - begun) / 3000);
  });
});

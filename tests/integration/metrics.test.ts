import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { podView } from '../support/fake-desk.ts';
import { openTestFront, post, type TestFront } from '../support/open-test-front.ts';

let front: TestFront;
beforeEach(async () => {
  front = await openTestFront();
});
afterEach(() => front.close());

/** Every figure by its name and labels. */
async function figures(): Promise<Record<string, number>> {
  const { body, headers } = await front.send('/metrics');
  expect(headers['content-type']).toMatch(/^text\/plain; version=/);
  const lines = body.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

it('B129 jobs are counted by state, pods and their queues by pod', async () => {
  front.desk.add('a');
  front.desk.add('b');
  front.desk.running('c');
  front.desk.views.push(
    podView('pod-2', { state: 'gone', queue: { running: 0, pending: 7, foreign: 0, jobIds: [], slots: 2 } }),
  );
  expect(await figures()).toMatchObject({
    'podium_jobs{state="queued"}': 2,
    'podium_jobs{state="running"}': 1,
    'podium_jobs{state="failed"}': 0,
    'podium_pod_up{pod="pod-1"}': 1,
    'podium_pod_up{pod="pod-2"}': 0,
    'podium_pod_queue_length{pod="pod-1",part="running"}': 1,
    'podium_pod_queue_length{pod="pod-2",part="pending"}': 7,
    podium_store_up: 1,
  });
});

it('B129 the times to accept, to pick up and to finish are counted once a job', async () => {
  const workflow = { '1': { class_type: 'Note', inputs: {} } };
  const sent = await front.send('/api/jobs', post({ workflow }, { 'idempotency-key': 'one' }));
  await front.send('/api/jobs', post({ workflow }, { 'idempotency-key': 'one' }));
  await front.send('/api/jobs', post({}));
  const { id } = sent.json['job'] as { id: string };
  const claim = () => front.desk.change(id, { type: 'claim', podId: 'pod-1', promptId: randomUUID() });
  claim();
  front.desk.change(id, { type: 'rework', reason: 'The pod restarted.' });
  claim();
  front.desk.change(id, { type: 'accept' });
  front.desk.change(id, { type: 'succeed', outputs: [] });
  const seen = await figures();
  expect(seen['podium_job_accept_seconds_count']).toBe(1);
  expect(seen['podium_job_accept_seconds_sum']).toBeGreaterThan(0);
  expect(seen['podium_job_pick_up_seconds_count']).toBe(1);
  expect(seen['podium_job_finish_seconds_count{state="succeeded"}']).toBe(1);
});

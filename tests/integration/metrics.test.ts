import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { jobError } from '../../lib/jobs/job-error.ts';
import { JOB_ERROR_CODES } from '../../lib/jobs/failure-rules.ts';
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

it('B322 failures, retries and reworks are counted once each, by a closed list of codes', async () => {
  const { id } = front.desk.add('a job');
  const at = (ms: number) => new Date(Date.now() + ms).toISOString();
  const fails = (code: 'pod_busy' | 'node_failed', retryAt?: string) => {
    front.desk.change(id, { type: 'claim', podId: 'pod-1', promptId: randomUUID() });
    const error = jobError(code, 'It failed.');
    front.desk.change(id, { type: 'fail', outcome: 'failed', error, ...(retryAt !== undefined && { retryAt }) });
  };
  fails('pod_busy', at(1000));
  front.desk.change(id, { type: 'note', kind: 'health_checked', detail: 'The pod answers.' });
  front.desk.change(id, { type: 'claim', podId: 'pod-1', promptId: randomUUID() });
  front.desk.change(id, { type: 'rework', reason: 'The pod restarted.' });
  fails('pod_busy', at(1000));
  fails('node_failed');
  const seen = await figures();
  expect(seen).toMatchObject({
    'podium_job_failures_total{code="node_failed"}': 1,
    'podium_job_failures_total{code="pod_busy"}': 0,
    'podium_job_retries_total{code="pod_busy"}': 2,
    'podium_job_retries_total{code="node_failed"}': 0,
    podium_job_reworks_total: 1,
    'podium_job_finish_seconds_count{state="failed"}': 1,
  });
  const named = Object.keys(seen).filter((name) => name.startsWith('podium_job_failures_total'));
  expect(named).toHaveLength(JOB_ERROR_CODES.length);
});

it('B322 pods are counted by state, and each one’s breaker is told for as long as it is there', async () => {
  front.desk.views.push(podView('pod-2', { state: 'quarantined', breaker: 'open' }), podView('pod-3', { state: 'up' }));
  expect(await figures()).toMatchObject({
    'podium_pods{state="up"}': 2,
    'podium_pods{state="quarantined"}': 1,
    'podium_pods{state="gone"}': 0,
    'podium_pod_breaker{pod="pod-2",state="open"}': 1,
    'podium_pod_breaker{pod="pod-2",state="closed"}': 0,
    'podium_pod_breaker{pod="pod-1",state="closed"}': 1,
  });
  front.desk.views.splice(1, 1);
  const seen = await figures();
  expect(Object.keys(seen).filter((name) => name.includes('pod-2'))).toEqual([]);
  expect(seen['podium_pods{state="quarantined"}']).toBe(0);
});

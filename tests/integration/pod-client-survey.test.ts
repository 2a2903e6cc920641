import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { accepted, followed, startClient, submission, type StartedClient } from '../support/pod-clients.ts';
import { failingPrompt, stepsPrompt } from '../support/prompts.ts';
import { waitUntil } from '../support/wait-until.ts';

let pod: DemoPod;
let started: StartedClient;
beforeEach(async () => {
  pod = await createDemoPod({ stepMs: 5 });
  started = startClient(pod, { socket: false });
});
afterEach(async () => {
  await started.client.stop();
  await pod.close();
});

/** Reads of the pod since the last call of this function. */
let counted = 0;
function reads(): string[] {
  const paths = pod.control.requests.slice(counted).map(({ path }) => path);
  counted = pod.control.requests.length;
  return paths;
}
beforeEach(() => void (counted = 0));

describe('a survey of a pod', () => {
  it('B223 tells where each of many prompts is, in two reads', async () => {
    const { client } = started;
    const ended = [];
    for (let nth = 0; nth < 4; nth += 1) ended.push(await accepted(client, stepsPrompt(1, 1)));
    const failed = await accepted(client, failingPrompt('error'));
    await pod.control.idle();
    const running = await accepted(client, stepsPrompt(500, 10));
    const waiting = [await accepted(client, stepsPrompt(1, 1)), await accepted(client, stepsPrompt(1, 1))];
    await waitUntil(() => pod.control.runs.some((run) => run.promptId === running), 'the prompt runs');
    const nowhere = randomUUID();
    reads();

    const { found } = await client.survey([...ended, failed, running, ...waiting, nowhere]);
    expect(reads()).toEqual(['/queue', '/history?max_items=50']);
    expect(ended.map((id) => found.get(id))).toMatchObject(
      ended.map(() => ({ kind: 'ended', end: { kind: 'succeeded' } })),
    );
    expect(found.get(failed)).toMatchObject({ kind: 'ended', end: { kind: 'failed', error: { code: 'node_failed' } } });
    expect(found.get(running)).toEqual({ kind: 'running' });
    expect(waiting.map((id) => found.get(id))).toEqual([
      { kind: 'pending', position: 1 },
      { kind: 'pending', position: 2 },
    ]);
    expect(found.has(nowhere)).toBe(false);
  });

  it('B223 reads no history where all prompts are in the queue, and single entries for a few that are not', async () => {
    const { client } = started;
    const ended = await accepted(client, stepsPrompt(1, 1));
    await pod.control.idle();
    const running = await accepted(client, stepsPrompt(500, 10));
    reads();
    await client.survey([running]);
    expect(reads()).toEqual(['/queue']);
    const { found } = await client.survey([ended, running]);
    expect(reads()).toEqual(['/queue', `/history/${ended}`]);
    expect(found.get(ended)).toMatchObject({ kind: 'ended' });
  });

  it('B223 finds one by one what is older than the newest of history', async () => {
    const { client } = started;
    const old = [];
    for (let nth = 0; nth < 3; nth += 1) old.push(await accepted(client, stepsPrompt(1, 0)));
    for (let nth = 0; nth < 50; nth += 1) await accepted(client, stepsPrompt(1, 0));
    await pod.control.idle();
    reads();
    const { found } = await client.survey(old);
    expect([...found.keys()].toSorted()).toEqual(old.toSorted());
    expect(reads()).toHaveLength(2 + old.length);
  });

  it('B224 shows what carries our marks: job, attempt, desk, name, end and the work itself', async () => {
    const { client } = started;
    const prompt = stepsPrompt(1, 1);
    const request = submission(prompt, { attempt: 3, desk: 'a desk', name: 'n'.repeat(200), workflow: { nodes: [] } });
    const before = Date.now();
    await client.submit(request);
    await pod.control.idle();
    const other = submission(stepsPrompt(500, 10));
    await client.submit(other);
    const { podium } = await client.survey([], { history: true });
    expect(podium).toMatchObject([
      { promptId: other.promptId, jobId: other.jobId, attempt: 1 },
      {
        promptId: request.promptId,
        jobId: request.jobId,
        attempt: 3,
        desk: 'a desk',
        name: 'n'.repeat(80),
        where: { kind: 'ended', end: { kind: 'succeeded' } },
      },
    ]);
    expect(podium[0]).not.toHaveProperty('desk');
    expect(podium[1]?.endedAt).toBeGreaterThanOrEqual(before);
    expect(podium[1]?.work()).toEqual({ prompt, workflow: { nodes: [] } });
  });

  it.each([
    [
      'rows of other shapes',
      { queue_running: [1, [], [0, 'x']], queue_pending: [[0, 'y', 5, { podium: 'no' }], null] },
    ],
    [
      'ids that are none',
      { queue_running: [[0, 'z', {}, { podium: { jobId: '../../etc', attempt: -1 } }, []]], queue_pending: [] },
    ],
  ])('B224 passes over %s', async (_what, body) => {
    pod.control.fault({ path: '/queue' }, { kind: 'raw', body: Buffer.from(JSON.stringify(body)), headers: {} });
    expect((await started.client.survey([])).podium).toEqual([]);
  });

  it('B223 says that the pod cannot be asked', async () => {
    pod.control.fault({ path: '/queue' }, { kind: 'status', status: 502 });
    await expect(started.client.survey([randomUUID()])).rejects.toMatchObject({ kind: 'unreachable' });
  });

  it('B223 goes on following what it has found without a further look for now', async () => {
    const { client } = started;
    const prompts = Array.from({ length: 10 }, () => stepsPrompt(100, 10));
    const ids = [];
    for (const prompt of prompts) ids.push(await accepted(client, prompt));
    const { found } = await client.survey(ids);
    reads();
    const stop = new AbortController();
    const following = ids.map((promptId, nth) => {
      const known = found.get(promptId);
      const prompt = prompts[nth] ?? {};
      return client.follow({ promptId, prompt, ...(known && { known }) }, { onProgress: () => undefined }, stop.signal);
    });
    await waitUntil(() => pod.control.requests.length > counted, 'a look is made');
    expect(reads().filter((path) => path === '/queue').length).toBeLessThanOrEqual(1);
    stop.abort();
    await Promise.allSettled(following);
  });

  it('B223 takes the end a survey has told', async () => {
    const { client } = started;
    const prompt = stepsPrompt(1, 1);
    const id = await accepted(client, prompt);
    await followed(client, id, prompt);
    const known = (await client.survey([id])).found.get(id);
    reads();
    const nobody = { onProgress: () => undefined };
    const end = await client.follow(
      { promptId: id, prompt, ...(known && { known }) },
      nobody,
      new AbortController().signal,
    );
    expect(end).toMatchObject({ kind: 'succeeded' });
    expect(reads()).toEqual([]);
  });
});

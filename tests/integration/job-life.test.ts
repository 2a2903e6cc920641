import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { openTestDesk, type TestDesk } from '../support/open-test-desk.ts';
import { failingPrompt, stepsPrompt } from '../support/prompts.ts';
import { waitUntil } from '../support/wait-until.ts';

describe('a job’s life on one pod', () => {
  let pod: DemoPod;
  let test: TestDesk;
  beforeEach(async () => {
    pod = await createDemoPod({ stepMs: 10 });
    test = await openTestDesk({ one: pod.url });
  });
  afterEach(async () => {
    await test.close();
    await pod.close();
  });

  it('B42 ends with its files copied, from one POST that carries our ids', async () => {
    const { id } = await test.submit(stepsPrompt(3, 10));
    const job = await test.reaches(id, 'succeeded');
    expect(job.progress).toBe(100);
    expect(job.outputs).toHaveLength(1);
    expect(job.outputs[0]).toMatchObject({ kind: 'image', contentType: 'image/png', width: 64, height: 64 });
    expect(pod.control.posts).toHaveLength(1);
    const body = pod.control.posts[0]?.body as Record<string, unknown>;
    expect(body).toMatchObject({
      prompt_id: job.promptId,
      client_id: expect.any(String),
      extra_data: { podium: { jobId: id, attempt: 1 } },
    });
    expect(body).not.toHaveProperty('number');
    expect(body).not.toHaveProperty('front');
  });

  it('B435 keeps with each attempt how far its nodes had come', async () => {
    const prompt = stepsPrompt(3, 10);
    const first = await test.submit(prompt);
    expect((await test.reaches(first.id, 'succeeded')).attempts).toMatchObject([{ nodes: 'ddd' }]);
    const again = await test.submit(prompt);
    expect((await test.reaches(again.id, 'succeeded')).attempts).toMatchObject([{ nodes: 'ccc' }]);
    const broken = await test.submit(failingPrompt('error'));
    expect((await test.reaches(broken.id, 'failed')).attempts).toMatchObject([
      { nodes: expect.stringMatching(/^d[r-]-$/) },
    ]);
  });

  it('B42 keeps asking for files that the pod does not give yet, and says so', async () => {
    const away = pod.control.fault({ path: /view/ }, { kind: 'status', status: 502 });
    const { id } = await test.submit(stepsPrompt(1, 10));
    const copying = await waitUntil(async () => {
      const job = await test.job(id);
      return job.timeline.some((event) => event.kind === 'copy_delayed') && job;
    }, 'the copy is delayed');
    expect(copying).toMatchObject({ state: 'running', progress: 99, live: { phase: 'saving' } });
    away();
    const job = await test.reaches(id, 'succeeded');
    expect(job.outputs).toHaveLength(1);
    expect(job.timeline.filter((event) => event.kind === 'copy_delayed')).toHaveLength(1);
  });

  it('B42 does not call a job done whose files the pod no longer has', async () => {
    const gone = pod.control.fault(
      { path: /view/ },
      { kind: 'status', status: 404, contentType: 'text/plain', body: '' },
    );
    const { id } = await test.submit(stepsPrompt(1, 10));
    const job = await test.reaches(id, 'failed');
    expect(job).toMatchObject({ outputs: [], error: { code: 'output_lost', nextStep: expect.any(String) } });
    gone();
    await test.desk.service.retry(id);
    expect((await test.reaches(id, 'succeeded')).outputs).toHaveLength(1);
  });

  it('B55 lets the job that waits go before one that is submitted when a place becomes free', async () => {
    await test.restart({ podSlots: 1 });
    await test.podState('one', 'up');
    const order: string[] = [];
    const last = new Promise<string>((resolve) => {
      test.desk.events.add({
        jobChanged: (job) => {
          if (job.state === 'submitting') order.push(job.name);
          if (job.name === 'first' && job.state === 'succeeded')
            void submit('third').then((answer) => resolve(answer.job.id));
        },
      });
    });
    const submit = (name: string) => test.desk.service.submit({ workflow: stepsPrompt(5, 20), name });
    await submit('first');
    await submit('second');
    await test.reaches(await last, 'succeeded');
    expect(order).toEqual(['first', 'second', 'third']);
  });

  it('B55 passes no older or more urgent job, though an idle pod takes a new one at once', async () => {
    const order: string[] = [];
    test.desk.events.add({
      jobChanged: (job) => void (job.state === 'submitting' && order.push(job.name)),
    });
    await pod.control.refuseConnections(true);
    await waitUntil(() => test.desk.runner.pod('one')?.state !== 'up', 'the pod is seen down');
    const submit = (name: string, priority: number) =>
      test.desk.service.submit({ workflow: stepsPrompt(1, 10), name, priority });
    await submit('older', 0);
    await submit('urgent', 5);
    await pod.control.refuseConnections(false);
    await test.podState('one', 'up', 30_000);
    const { job } = await submit('newest', 0);
    await test.reaches(job.id, 'succeeded');
    expect(order).toEqual(['urgent', 'older', 'newest']);
  }, 45_000);

  it('B43 fails with the node, the reason and the traceback of what failed, and is not tried again', async () => {
    const { id } = await test.submit(failingPrompt('error'));
    const job = await test.reaches(id, 'failed');
    expect(job.attempts).toHaveLength(1);
    expect(job.error).toMatchObject({ code: 'node_failed', category: 'permanent', nextStep: expect.any(String) });
    expect(job.error?.message).toContain('ProbeFail');
    expect(job.error?.traceback).toBeTruthy();
    expect(pod.control.posts).toHaveLength(1);
  });

  it('B43 fails at once where the pod refuses the prompt, naming the node', async () => {
    const prompt = { '7': { class_type: 'NoSuchNode', inputs: {} } };
    const { id } = await test.submit(prompt);
    const job = await test.reaches(id, 'failed');
    expect(job.error).toMatchObject({ code: 'node_type_missing', category: 'permanent' });
    expect(job.error?.message).toContain('NoSuchNode');
    expect(job.attempts).toMatchObject([{ outcome: 'rejected' }]);
  });

  it('B44 counts two 429 and a success as three attempts, after pauses of one and two units', async () => {
    for (let refusal = 0; refusal < 2; refusal += 1)
      pod.control.failNextPost({ kind: 'status', status: 429, accept: false, body: 'slow down' });
    const { id } = await test.submit(stepsPrompt(1, 10));
    const job = await test.reaches(id, 'succeeded');
    expect(job.attempts.map((attempt) => attempt.outcome)).toEqual(['refused', 'refused', 'succeeded']);
    const [first, second, third] = pod.control.posts.map((post) => post.at);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(20);
    expect((third ?? 0) - (second ?? 0)).toBeGreaterThanOrEqual(40);
  });

  it('B44 gives up after MAX_RETRIES, and a person’s retry starts anew', async () => {
    await test.restart({ maxRetries: 2 });
    for (let refusal = 0; refusal < 3; refusal += 1)
      pod.control.failNextPost({ kind: 'status', status: 429, accept: false });
    const { id } = await test.submit(stepsPrompt(1, 10));
    const failed = await test.reaches(id, 'failed');
    expect(failed.error).toMatchObject({ code: 'pod_busy', category: 'transient' });
    expect(failed.attempts).toHaveLength(3);
    await test.desk.service.retry(id);
    const job = await test.reaches(id, 'succeeded');
    expect(job.id).toBe(id);
    expect(job.attempts).toHaveLength(4);
  });

  it('B45 uses up no attempt while its pod is down, and runs when it is back', async () => {
    await pod.control.refuseConnections(true);
    const { id } = await test.submit(stepsPrompt(1, 10));
    await waitUntil(
      () => ['connecting', 'gone'].includes(test.desk.runner.pod('one')?.state ?? ''),
      'the pod is seen down',
    );
    expect(await test.job(id)).toMatchObject({ state: 'queued', attempts: [] });
    await pod.control.refuseConnections(false);
    const job = await test.reaches(id, 'succeeded', 30_000);
    expect(job.attempts).toHaveLength(1);
    expect(pod.control.runs).toHaveLength(1);
  }, 45_000);

  it('B46 frees the pod’s memory before it tries an out-of-memory job again', async () => {
    await test.restart({ maxRetries: 1 });
    const { id } = await test.submit(failingPrompt('oom'));
    const job = await test.reaches(id, 'failed');
    expect(job.attempts).toHaveLength(2);
    expect(job.error).toMatchObject({ code: 'out_of_memory', category: 'recoverable' });
    const calls = pod.control.requests.map(({ method, path }) => `${method} ${path}`);
    const free = calls.indexOf('POST /free');
    expect(free).toBeGreaterThan(calls.indexOf('POST /prompt'));
    expect(free).toBeLessThan(calls.lastIndexOf('POST /prompt'));
  });

  it.each([
    { what: 'the connection is reset after the prompt was taken', fault: { kind: 'reset-after' as const } },
    {
      what: 'a proxy answers 524 although the prompt was taken',
      fault: { kind: 'status' as const, status: 524, accept: true, body: '<html>', contentType: 'text/html' },
    },
    {
      what: 'the answer does not parse',
      fault: { kind: 'status' as const, status: 200, accept: true, body: '<html>hi', contentType: 'text/html' },
    },
  ])(
    'B47 adopts the prompt instead of posting again when $what',
    async ({ fault }) => {
      pod.control.failNextPost(fault);
      const { id } = await test.submit(stepsPrompt(3, 20));
      const job = await test.reaches(id, 'succeeded', 30_000);
      expect(job.timeline.map((event) => event.kind)).toContain('uncertain');
      expect(pod.control.posts).toHaveLength(1);
      expect(pod.control.runs).toHaveLength(1);
    },
    40_000,
  );

  it('B48 posts again with the same id only after it was looked for and absent', async () => {
    pod.control.failNextPost({ kind: 'reset-before' });
    const { id } = await test.submit(stepsPrompt(1, 10));
    const job = await test.reaches(id, 'succeeded', 30_000);
    expect(pod.control.posts).toHaveLength(2);
    expect(new Set(pod.control.posts.map((post) => post.promptId))).toEqual(new Set([job.promptId]));
    const between = (pod.control.posts[1]?.at ?? 0) - (pod.control.posts[0]?.at ?? 0);
    expect(between).toBeGreaterThanOrEqual(5000);
    expect(job.attempts).toHaveLength(1);
    expect(pod.control.runs).toHaveLength(1);
  }, 40_000);

  it('B49 runs a job again, and says so, when its pod died with it', async () => {
    const { id } = await test.submit(stepsPrompt(40, 50));
    await test.reaches(id, 'running');
    await waitUntil(() => pod.control.runs.length === 1, 'the pod runs it');
    await pod.control.restart({ downMs: 300, keepDisk: true });
    const job = await test.reaches(id, 'succeeded', 40_000);
    expect(job.timeline.map((event) => event.kind)).toContain('rework');
    expect(job.attempts.map((attempt) => attempt.outcome)).toEqual(['pod_died', 'succeeded']);
    expect(job.attempts[1]?.rework).toBe(true);
    const own = pod.control.runs.filter(({ jobId }) => jobId === id);
    expect(own.map((run) => run.outcome)).toEqual(['lost', 'success']);
  }, 60_000);

  it('B50 takes back what waits on a pod whose worker has died', async () => {
    pod.control.worker.stuck = true;
    const { id } = await test.submit(stepsPrompt(1, 10));
    await test.podState('one', 'stuck', 30_000);
    const job = await test.reaches(id, 'queued', 30_000);
    expect(job.timeline.at(-1)).toMatchObject({ kind: 'rework' });
    await pod.control.restart({ downMs: 100 });
    await test.reaches(id, 'succeeded', 30_000);
    expect(pod.control.runs).toHaveLength(1);
  }, 90_000);

  it('B51 stops asking a pod that refuses our credentials, and loses nothing', async () => {
    pod.control.requireHeaders = { authorization: 'Bearer right' };
    await test.podState('one', 'unauthorized', 15_000);
    const seen = () => pod.control.requests.length + pod.control.sockets.upgradesRefused;
    const before = seen();
    const since = Date.now();
    const { id } = await test.submit(stepsPrompt(1, 10));
    await waitUntil(() => Date.now() - since > 10_000, 'ten seconds have passed');
    expect(seen() - before).toBeLessThanOrEqual(6);
    expect(await test.job(id)).toMatchObject({ state: 'queued' });
    expect(test.desk.runner.pod('one')?.reason).toMatch(/COMFYUI_POD_HEADERS|credentials|401/);
  }, 30_000);

  it('B54 leaves a prompt that somebody else deleted as failed with its reason, never as done', async () => {
    const blocking = await test.submit(stepsPrompt(600, 50));
    await test.reaches(blocking.id, 'running');
    const { id } = await test.submit(stepsPrompt(1, 10));
    const { promptId } = await test.reaches(id, 'running');
    await fetch(`${pod.url}/queue`, { method: 'POST', body: JSON.stringify({ delete: [promptId] }) });
    const job = await test.reaches(id, 'failed', 20_000);
    expect(job.error?.code).toBe('prompt_lost');
    await test.desk.service.cancel(blocking.id);
    await test.reaches(blocking.id, 'cancelled');
  }, 40_000);
});

describe('two pods', () => {
  let first: DemoPod;
  let second: DemoPod;
  let test: TestDesk;
  beforeEach(async () => {
    first = await createDemoPod({ stepMs: 10 });
    second = await createDemoPod({ stepMs: 10 });
    test = await openTestDesk({ first: first.url, second: second.url });
    await test.podState('first', 'up');
    await test.podState('second', 'up');
  });
  afterEach(async () => {
    await test.close();
    await first.close();
    await second.close();
  });

  it('B55 gives the second pod work when the first is full', async () => {
    const jobs = await Promise.all(Array.from({ length: 4 }, () => test.submit(stepsPrompt(10, 20))));
    for (const { id } of jobs) await test.reaches(id, 'succeeded');
    expect(first.control.runs).toHaveLength(2);
    expect(second.control.runs).toHaveLength(2);
  });

  it('B55 gives the second pod work when the first is down', async () => {
    await first.control.refuseConnections(true);
    const jobs = await Promise.all(Array.from({ length: 3 }, () => test.submit(stepsPrompt(2, 10))));
    for (const { id } of jobs) expect((await test.reaches(id, 'succeeded')).podId).toBe('second');
    await first.control.refuseConnections(false);
  });

  it('B47 never moves a prompt of unknown fate to another pod, though that one is idle and the first is away', async () => {
    const silence = first.control.fault({ path: /queue|history|jobs/ }, { kind: 'status', status: 503 });
    first.control.failNextPost({ kind: 'reset-after' });
    const { id } = await test.submit(stepsPrompt(10, 50));
    expect((await test.reaches(id, 'uncertain')).podId).toBe('first');
    await first.control.refuseConnections(true);
    await test.podState('first', 'connecting', 20_000);
    const other = await test.submit(stepsPrompt(1, 10));
    await test.reaches(other.id, 'succeeded');
    expect(await test.job(id)).toMatchObject({ state: 'uncertain', podId: 'first' });
    silence();
    await first.control.refuseConnections(false);
    await test.reaches(id, 'succeeded', 40_000);
    expect(second.control.posts.map((post) => post.jobId)).toEqual([other.id]);
    expect(first.control.runs).toHaveLength(1);
  }, 80_000);

  it('B56 moves to another pod when the first one’s GPU process is broken, and gives that pod nothing more', async () => {
    const broken = await test.submit(failingPrompt('cuda'), { pod: 'first' });
    await test.podState('first', 'quarantined');
    const jobs = await Promise.all(Array.from({ length: 2 }, () => test.submit(stepsPrompt(2, 10))));
    for (const { id } of jobs) expect((await test.reaches(id, 'succeeded')).podId).toBe('second');
    expect(first.control.runs).toHaveLength(1);
    await test.desk.service.cancel(broken.id);
  });
});

describe('after a restart', () => {
  let pod: DemoPod;
  let test: TestDesk;
  beforeEach(async () => {
    pod = await createDemoPod({ stepMs: 10 });
    test = await openTestDesk({ one: pod.url });
  });
  afterEach(async () => {
    await test.close();
    await pod.close();
  });

  it('B57 replays an Idempotency-Key', async () => {
    const body = { workflow: stepsPrompt(1, 10) };
    const { job } = await test.desk.service.submit(body, 'key-1');
    await test.reaches(job.id, 'succeeded');
    await test.restart();
    const again = await test.desk.service.submit(body, 'key-1');
    expect(again).toMatchObject({ kind: 'replayed', job: { id: job.id, state: 'succeeded' } });
    await expect(test.desk.service.submit({ workflow: stepsPrompt(1, 10) }, 'key-1')).rejects.toMatchObject({
      code: 'idempotency_conflict',
    });
    expect(pod.control.posts).toHaveLength(1);
  });

  it('B58 does not follow a job that nothing was heard of for too long, but takes the result the pod has', async () => {
    const { id } = await test.submit(stepsPrompt(40, 20));
    await waitUntil(() => pod.control.runs.length === 1, 'the pod runs it');
    await test.restart({ jobStaleAfterMs: 600_000 });
    await test.desk.close();
    await pod.control.idle();
    await test.restart({ jobStaleAfterMs: 1 });
    const job = await test.reaches(id, 'succeeded');
    expect(job.timeline.map((event) => event.kind)).toContain('adopted');
    expect(pod.control.runs).toHaveLength(1);
  });

  it('B58 ends a stale job without a result as stale, and takes its prompt off the pod', async () => {
    const { id } = await test.submit(stepsPrompt(2000, 20));
    await waitUntil(() => pod.control.runs.length === 1, 'the pod runs it');
    await test.restart({ jobStaleAfterMs: 1 });
    const job = await test.reaches(id, 'failed');
    expect(job.error).toMatchObject({ code: 'stale', nextStep: expect.any(String) });
    await pod.control.idle();
    expect(pod.control.runs).toMatchObject([{ outcome: 'interrupted' }]);
  });
});

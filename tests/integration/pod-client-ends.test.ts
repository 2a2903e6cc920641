import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { accepted, followed, startClient, submission, type StartedClient } from '../support/pod-clients.ts';
import { failingPrompt, stepsPrompt } from '../support/prompts.ts';
import { waitUntil } from '../support/wait-until.ts';

const timing = { absentMs: 1000, settleDirectMs: 300, settleLookMs: 50, lookMs: 200 };
let pod: DemoPod;
let started: StartedClient;

beforeEach(async () => {
  pod = await createDemoPod();
  started = startClient(pod, { timing });
});
afterEach(async () => {
  await started.client.stop();
  await pod.close();
});

const running = (promptId: string) =>
  waitUntil(async () => (await started.client.whereabouts(promptId)).kind === 'running', 'the prompt runs');

describe('how a prompt ended', () => {
  it('B82 success gives its outputs', async () => {
    const prompt = stepsPrompt(1, 1);
    const promptId = await accepted(started.client, prompt);
    const end = await followed(started.client, promptId, prompt);
    expect(end).toEqual({
      kind: 'succeeded',
      outputs: [{ nodeId: '3', kind: 'file', filename: 'podium-test_00001_.png', subfolder: '', type: 'output' }],
      warnings: [],
    });
    expect(await started.client.whereabouts(promptId)).toEqual({ kind: 'ended', end });
  });

  for (const [kind, code] of [
    ['error', 'node_failed'],
    ['oom', 'out_of_memory'],
    ['cuda', 'gpu_broken'],
  ] as const)
    it(`B82 a node that fails with ${kind} fails the prompt as ${code}`, async () => {
      const prompt = failingPrompt(kind);
      const end = await followed(started.client, await accepted(started.client, prompt), prompt);
      expect(end).toMatchObject({ kind: 'failed', error: { code } });
    });

  it('B82 NaN in events and history is no failure', async () => {
    const prompt = failingPrompt('nan_text');
    const end = await followed(started.client, await accepted(started.client, prompt), prompt);
    expect(end.kind).toBe('succeeded');
  });

  it('B82 a blocked execution is no failure', async () => {
    const prompt = failingPrompt('block');
    const end = await followed(started.client, await accepted(started.client, prompt), prompt);
    expect(end.kind).toBe('succeeded');
  });

  it('B82 an interrupted prompt is interrupted, not failed', async () => {
    const prompt = stepsPrompt(100, 50);
    const promptId = await accepted(started.client, prompt);
    const following = followed(started.client, promptId, prompt);
    await running(promptId);
    await started.client.cancel(promptId);
    expect(await following).toEqual({ kind: 'interrupted' });
  });

  it('B82 a waiting prompt is told with its place in the queue', async () => {
    const blocker = await accepted(started.client, stepsPrompt(100, 50));
    await accepted(started.client, stepsPrompt(1, 1));
    const third = await accepted(started.client, stepsPrompt(1, 1));
    await running(blocker);
    expect(await started.client.whereabouts(third)).toEqual({ kind: 'pending', position: 2 });
  });

  it('B82 an end is told by history alone where the queue cannot be read', async () => {
    const prompt = stepsPrompt(2, 20);
    const promptId = await accepted(started.client, prompt);
    await pod.control.idle();
    pod.control.fault({ path: '/queue' }, { kind: 'status', status: 500 });
    expect(await followed(started.client, promptId, prompt)).toMatchObject({ kind: 'succeeded' });
  });

  it('B82 a listener that throws ends its own following alone', async () => {
    const prompt = stepsPrompt(20, 20);
    const promptId = await accepted(started.client, prompt);
    const throwing = {
      onProgress: () => {
        throw new Error('mine');
      },
    };
    const failing = started.client.follow({ promptId, prompt }, throwing, new AbortController().signal);
    const rejected = expect(failing).rejects.toThrow('mine');
    expect(await followed(started.client, promptId, prompt)).toMatchObject({ kind: 'succeeded' });
    await rejected;
  });

  it('B95 a record of the end that cannot be read ends the prompt with a sentence', async () => {
    const prompt = stepsPrompt(1, 1);
    const promptId = await accepted(started.client, prompt);
    await pod.control.idle();
    const body = Buffer.from(JSON.stringify({ [promptId]: 'gone mad' }));
    const headers = { 'content-type': 'application/json' };
    pod.control.fault({ path: `/history/${promptId}` }, { kind: 'raw', body, headers });
    const end = await followed(started.client, promptId, prompt);
    expect(end).toMatchObject({ kind: 'failed', error: { code: 'prompt_lost' } });
  });

  it('B95 a record of the end that never ends ends the prompt with a sentence', async () => {
    const prompt = stepsPrompt(1, 1);
    const promptId = await accepted(started.client, prompt);
    await pod.control.idle();
    const body = Buffer.alloc(16_000_000, ' ');
    const headers = { 'content-type': 'application/json' };
    pod.control.fault({ path: `/history/${promptId}` }, { kind: 'raw', body, headers, endless: true });
    const end = await followed(started.client, promptId, prompt);
    expect(end).toMatchObject({ kind: 'failed', error: { code: 'prompt_lost' } });
  });
});

describe('a prompt that is nowhere', () => {
  it('B83 one that somebody deleted is absent, but only after repeated looks', async () => {
    await accepted(started.client, stepsPrompt(100, 50));
    const prompt = stepsPrompt(1, 1);
    const promptId = await accepted(started.client, prompt);
    const following = followed(started.client, promptId, prompt);
    const begun = performance.now();
    const method = 'POST';
    await fetch(`${pod.url}/queue`, { method, body: JSON.stringify({ delete: [promptId] }) });
    expect(await following).toEqual({ kind: 'absent' });
    expect(performance.now() - begun).toBeGreaterThanOrEqual(timing.absentMs);
  });

  it('B83 an outage alone proves no restart', async () => {
    const first = stepsPrompt(1, 1);
    await followed(started.client, await accepted(started.client, first), first);
    await accepted(started.client, stepsPrompt(100, 50));
    const prompt = stepsPrompt(1, 1);
    const promptId = await accepted(started.client, prompt);
    const following = followed(started.client, promptId, prompt);
    pod.control.dropSockets();
    await fetch(`${pod.url}/queue`, { method: 'POST', body: JSON.stringify({ delete: [promptId] }) });
    expect(await following).toEqual({ kind: 'absent' });
  });

  it('B72 a pod that restarted has forgotten it: its witness is gone too', async () => {
    const first = stepsPrompt(1, 1);
    const witness = await accepted(started.client, first);
    await followed(started.client, witness, first);
    expect(started.memories.at(-1)?.witnessPromptId).toBe(witness);
    const prompt = stepsPrompt(100, 50);
    const promptId = await accepted(started.client, prompt);
    const following = followed(started.client, promptId, prompt);
    await running(promptId);
    await pod.control.restart({ downMs: 300 });
    expect(await following).toEqual({ kind: 'forgotten' });
    expect(started.memories.at(-1)).toEqual({ clientId: started.memories[0]?.clientId, highestNumber: 0 });
  });

  it('B83 history that somebody emptied during an outage is not taken for a restart', async () => {
    const first = stepsPrompt(1, 1);
    await followed(started.client, await accepted(started.client, first), first);
    await accepted(started.client, stepsPrompt(100, 50));
    const prompt = stepsPrompt(1, 1);
    const promptId = await accepted(started.client, prompt);
    const following = followed(started.client, promptId, prompt);
    pod.control.dropSockets();
    const method = 'POST';
    await fetch(`${pod.url}/queue`, { method, body: JSON.stringify({ delete: [promptId] }) });
    await fetch(`${pod.url}/history`, { method, body: JSON.stringify({ clear: true }) });
    expect(await following).toEqual({ kind: 'absent' });
    expect(pod.control.runs.some((run) => run.promptId === promptId)).toBe(false);
  });

  it('B72 a pod that restarted before it had ended anything has forgotten it: its history is empty', async () => {
    const prompt = stepsPrompt(100, 50);
    const promptId = await accepted(started.client, prompt);
    const following = followed(started.client, promptId, prompt);
    await running(promptId);
    await pod.control.restart();
    expect(await following).toEqual({ kind: 'forgotten' });
  });

  it('B72 a restart while Podium was away is proven by the witness it had remembered', async () => {
    const first = stepsPrompt(1, 1);
    await followed(started.client, await accepted(started.client, first), first);
    const prompt = stepsPrompt(100, 50);
    const promptId = await accepted(started.client, prompt);
    const memory = started.memories.at(-1);
    await started.client.stop();
    await pod.control.restart();
    started = startClient(pod, { timing, ...(memory && { memory }) });
    expect(await followed(started.client, promptId, prompt)).toEqual({ kind: 'forgotten' });
  });

  it('B72 a submission numbered lower than one before it proves a restart', async () => {
    for (let count = 0; count < 3; count += 1) await accepted(started.client, stepsPrompt(1, 1));
    pod.control.failNextPost({ kind: 'reset-before' });
    const lost = submission(stepsPrompt(1, 1));
    await started.client.submit(lost);
    await pod.control.restart();
    await accepted(started.client, stepsPrompt(1, 1));
    expect(started.memories.at(-1)?.highestNumber).toBe(0);
    expect(await started.client.settle(lost.promptId, new AbortController().signal)).toEqual({ kind: 'forgotten' });
  });
});

describe('a pod whose credentials stop working', () => {
  it('B97 is asked about a followed prompt only seldom', async () => {
    const prompt = stepsPrompt(100, 50);
    const promptId = await accepted(started.client, prompt);
    const stop = new AbortController();
    const ended = expect(followed(started.client, promptId, prompt, [], stop.signal)).rejects.toThrow('enough');
    await running(promptId);
    pod.control.requireHeaders = { authorization: 'changed' };
    pod.control.dropSockets();
    const asked = () => pod.control.requests.filter(({ path }) => /queue|history|jobs/.test(path)).length;
    const before = asked();
    await waitUntil(() => pod.control.sockets.upgradesRefused > 0, 'the socket is refused');
    const until = performance.now() + 10 * timing.lookMs;
    while (performance.now() < until) await started.client.probe();
    expect(asked() - before).toBeLessThanOrEqual(9);
    stop.abort(new Error('enough'));
    await ended;
  });
});

describe('after a restart of Podium', () => {
  it('B41 a prompt is followed again by another process, with the bar where it was', async () => {
    const prompt = stepsPrompt(30, 50);
    const promptId = await accepted(started.client, prompt);
    const stop = new AbortController();
    const before: number[] = [];
    const listener = { onProgress: ({ percent }: { percent: number }) => before.push(percent) };
    const following = started.client.follow({ promptId, prompt }, listener, stop.signal);
    await waitUntil(() => (before.at(-1) ?? 0) > 20, 'the bar moves');
    stop.abort(new Error('stopped'));
    await expect(following).rejects.toThrow('stopped');
    const clientId = started.memories.at(-1)?.clientId ?? '';
    await started.client.stop();
    started = startClient(pod, { timing, memory: { clientId } });
    const at = before.at(-1) ?? 0;
    const after: number[] = [];
    const end = await started.client.follow(
      { promptId, prompt, from: { promptId, percent: at, phase: 'sampling' } },
      { onProgress: ({ percent }) => after.push(percent) },
      new AbortController().signal,
    );
    expect(end.kind).toBe('succeeded');
    expect(Math.min(...after)).toBeGreaterThanOrEqual(at);
    expect(after.some((percent) => percent > at && percent < 100)).toBe(true);
  });
});

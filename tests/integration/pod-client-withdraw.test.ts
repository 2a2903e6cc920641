import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ComfyUIPodClient } from '../../server/comfy/pod-client.ts';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { accepted, followed, startClient, type StartedClient } from '../support/pod-clients.ts';
import { stepsPrompt } from '../support/prompts.ts';
import { waitUntil } from '../support/wait-until.ts';

let pod: DemoPod;
let started: StartedClient;
let client: ComfyUIPodClient;

beforeEach(async () => {
  pod = await createDemoPod();
  started = startClient(pod);
  client = started.client;
});
afterEach(async () => {
  await client.stop();
  await pod.close();
});

const running = (promptId: string) =>
  waitUntil(async () => (await client.whereabouts(promptId)).kind === 'running', 'the prompt runs');

describe('taking a prompt back', () => {
  it('B293 one that waits is deleted and never runs', async () => {
    const blocker = await accepted(client, stepsPrompt(100, 50));
    await running(blocker);
    const waiting = await accepted(client, stepsPrompt(1, 1));
    expect(await client.withdraw(waiting)).toBe(true);
    await client.cancel(blocker);
    await pod.control.idle();
    expect(pod.control.runs.map(({ promptId }) => promptId)).toEqual([blocker]);
  });

  it('B293 one that runs goes on, and one that has ended keeps its end', async () => {
    const prompt = stepsPrompt(3, 50);
    const promptId = await accepted(client, prompt);
    await running(promptId);
    expect(await client.withdraw(promptId)).toBe(false);
    expect(await followed(client, promptId, prompt)).toMatchObject({ kind: 'succeeded' });
    expect(await client.withdraw(promptId)).toBe(false);
    expect(pod.control.requests.filter(({ path }) => path.includes('interrupt') || path.includes('cancel'))).toEqual(
      [],
    );
  });

  it('B293 one that is nowhere for a moment, between queue and history, is not called gone', async () => {
    pod.control.worker.historyGapMs = 600;
    const promptId = await accepted(client, stepsPrompt(1, 1));
    await waitUntil(() => pod.control.runs.some(({ endedAt }) => endedAt !== undefined), 'the prompt has run');
    expect(await client.withdraw(promptId)).toBe(false);
  });
});

describe('the proof that a pod restarted, for whoever has no prompt there', () => {
  it('B292 is found after a restart, once, and not after an outage alone', async () => {
    await waitUntil(() => client.link() === 'socket', 'the socket is open');
    const prompt = stepsPrompt(1, 1);
    await followed(client, await accepted(client, prompt), prompt);
    expect(await client.hasRestarted()).toBe(false);
    pod.control.dropSockets();
    await waitUntil(() => pod.control.sockets.opened === 2, 'the socket is back');
    expect(await client.hasRestarted()).toBe(false);
    await pod.control.restart();
    await waitUntil(() => pod.control.sockets.opened === 3, 'the socket is back');
    expect(await client.hasRestarted()).toBe(true);
    expect(await client.hasRestarted()).toBe(false);
  });

  it('B298 is found by whoever comes later, by what an earlier process remembered', async () => {
    const prompt = stepsPrompt(1, 1);
    await followed(client, await accepted(client, prompt), prompt);
    const memory = started.memories.at(-1);
    const later = startClient(pod, { ...(memory && { memory }) }).client;
    expect(await later.hasRestarted()).toBe(false);
    await later.stop();
    await pod.control.restart();
    const latest = startClient(pod, { ...(memory && { memory }) }).client;
    expect(await latest.hasRestarted()).toBe(true);
    await latest.stop();
  });

  it('B292 costs nothing where there was no outage', async () => {
    const prompt = stepsPrompt(1, 1);
    await followed(client, await accepted(client, prompt), prompt);
    await client.hasRestarted();
    const before = pod.control.requests.length;
    for (let nth = 0; nth < 5; nth += 1) await client.hasRestarted();
    expect(pod.control.requests).toHaveLength(before);
  });
});

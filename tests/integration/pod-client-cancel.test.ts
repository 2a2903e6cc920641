import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ComfyUIPodClient } from '../../server/comfy/pod-client.ts';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { accepted, followed, startClient } from '../support/pod-clients.ts';
import { stepsPrompt } from '../support/prompts.ts';
import { waitUntil } from '../support/wait-until.ts';

let pod: DemoPod;
let client: ComfyUIPodClient;

async function open(version: '0.3.64' | '0.8.0' = '0.8.0'): Promise<void> {
  pod = await createDemoPod({ version });
  client = startClient(pod).client;
}
beforeEach(() => open());
afterEach(async () => {
  await client.stop();
  await pod.close();
});

const asked = (path: string) => pod.control.requests.filter((request) => request.path === path).length;
const running = (promptId: string) =>
  waitUntil(async () => (await client.whereabouts(promptId)).kind === 'running', 'the prompt runs');
const outcomeOf = (promptId: string) => pod.control.runs.find((run) => run.promptId === promptId)?.outcome;

describe('cancelling', () => {
  it('B85 a waiting prompt is deleted from the queue and never runs', async () => {
    const blocker = await accepted(client, stepsPrompt(100, 50));
    await running(blocker);
    const prompt = stepsPrompt(1, 1);
    const promptId = await accepted(client, prompt);
    const following = followed(client, promptId, prompt);
    expect(await client.cancel(promptId)).toEqual({ kind: 'asked' });
    expect(await following).toEqual({ kind: 'absent' });
    expect(outcomeOf(promptId)).toBeUndefined();
    expect(asked('/interrupt')).toBe(0);
    expect(await client.whereabouts(blocker)).toEqual({ kind: 'running' });
  });

  for (const version of ['0.3.64', '0.8.0'] as const)
    it(`B85 a running prompt is interrupted by its id on ${version}`, async () => {
      await client.stop();
      await pod.close();
      await open(version);
      const promptId = await accepted(client, stepsPrompt(100, 50));
      await running(promptId);
      expect(await client.cancel(promptId)).toEqual({ kind: 'asked' });
      await pod.control.idle();
      expect(outcomeOf(promptId)).toBe('interrupted');
    });

  it('B85 one that has ended, or that the pod never had, is not there', async () => {
    const promptId = await accepted(client, stepsPrompt(1, 1));
    await pod.control.idle();
    expect(await client.cancel(promptId)).toEqual({ kind: 'not_there' });
    expect(await client.cancel('00000000-0000-4000-8000-000000000000')).toEqual({ kind: 'not_there' });
    expect(asked('/interrupt')).toBe(0);
  });

  it('B85 an interrupt that the pod lost holds when it is asked again', async () => {
    pod.control.worker.interruptsLost = 1;
    const promptId = await accepted(client, stepsPrompt(100, 50));
    await running(promptId);
    await client.cancel(promptId);
    expect(await client.whereabouts(promptId)).toEqual({ kind: 'running' });
    await client.cancel(promptId);
    await pod.control.idle();
    expect(outcomeOf(promptId)).toBe('interrupted');
  });

  it('B86 a pod that cancels atomically is asked so', async () => {
    pod.control.atomicCancel = true;
    const promptId = await accepted(client, stepsPrompt(100, 50));
    await running(promptId);
    expect(await client.cancel(promptId)).toEqual({ kind: 'asked' });
    await pod.control.idle();
    expect(outcomeOf(promptId)).toBe('interrupted');
    expect(asked('/interrupt')).toBe(0);
  });

  it('B86 a pod that does not know the atomic cancel is not asked so again', async () => {
    for (let count = 0; count < 2; count += 1) {
      const promptId = await accepted(client, stepsPrompt(100, 50));
      await running(promptId);
      await client.cancel(promptId);
      await pod.control.idle();
    }
    expect(pod.control.requests.filter(({ path }) => path.endsWith('/cancel'))).toHaveLength(1);
    expect(asked('/interrupt')).toBe(2);
  });

  it('B87 on a pod that interrupts whatever runs, a stranger’s prompt goes on', async () => {
    pod.control.targetedInterrupt = false;
    const version = JSON.stringify({ system: { comfyui_version: '0.3.40' }, devices: [] });
    const headers = { 'content-type': 'application/json' };
    pod.control.fault({ path: '/system_stats' }, { kind: 'raw', body: Buffer.from(version), headers });
    const stranger = await accepted(client, stepsPrompt(100, 50));
    await running(stranger);
    const ours = await accepted(client, stepsPrompt(100, 50));
    await client.cancel(ours);
    expect(await client.whereabouts(ours)).toEqual({ kind: 'absent' });
    expect(await client.whereabouts(stranger)).toEqual({ kind: 'running' });
    expect(asked('/interrupt')).toBe(0);
    await client.cancel(stranger);
    await pod.control.idle();
    expect(outcomeOf(stranger)).toBe('interrupted');
  });

  it('B87 nothing is sent when a stranger’s prompt has taken the place of ours in the meantime', async () => {
    const row = (promptId: string) => [1, promptId, {}, {}, []];
    const body = (promptId: string) =>
      Buffer.from(JSON.stringify({ queue_running: [row(promptId)], queue_pending: [] }));
    const headers = { 'content-type': 'application/json' };
    const stats = Buffer.from(JSON.stringify({ system: { comfyui_version: '0.3.40' }, devices: [] }));
    pod.control.fault({ path: '/system_stats' }, { kind: 'raw', body: stats, headers });
    const ours = '11111111-1111-4111-8111-111111111111';
    const undo = pod.control.fault({ path: '/queue' }, { kind: 'raw', body: body(ours), headers });
    pod.control.fault({ path: /^\/jobs\// }, { kind: 'delay', ms: 500 });
    const cancelling = client.cancel(ours);
    await waitUntil(() => pod.control.requests.some(({ path }) => path.endsWith('/cancel')), 'the pod is asked');
    undo();
    pod.control.fault({ path: '/queue' }, { kind: 'raw', body: body('another'), headers });
    expect(await cancelling).toEqual({ kind: 'withheld' });
    expect(asked('/interrupt')).toBe(0);
  });
});

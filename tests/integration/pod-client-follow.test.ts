import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobProgress } from '../../lib/jobs/progress.ts';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import type { PromptPreview } from '../../server/jobs/pod-events.ts';
import { accepted, followed, startClient, type StartedClient } from '../support/pod-clients.ts';
import { stepsPrompt } from '../support/prompts.ts';
import { waitUntil } from '../support/wait-until.ts';

/** The promise, in milliseconds from the moment the pod's history tells the end. */
const PROMISE_MS = 3000;
let pod: DemoPod;
let started: StartedClient | undefined;

beforeEach(async () => {
  pod = await createDemoPod();
});
afterEach(async () => {
  await started?.client.stop();
  started = undefined;
  await pod.close();
});

interface Fault {
  what: string;
  /** Before the client connects. */
  before?: (pod: DemoPod) => void;
  /** Once the prompt runs and the first steps were seen. */
  midway?: (pod: DemoPod) => void;
  /** How long after its run the pod itself tells the end. */
  lateMs?: number;
  withoutSocket?: boolean;
}

const faults: Fault[] = [
  { what: 'a socket that is well' },
  { what: 'no socket at all', withoutSocket: true },
  { what: 'a socket refused with 403', before: ({ control }) => (control.socket.refuse = 403) },
  { what: 'a socket refused with 502', before: ({ control }) => (control.socket.refuse = 502) },
  { what: 'a silent socket', before: ({ control }) => (control.socket.silent = true) },
  { what: 'a socket frozen from the start', before: ({ control }) => (control.socket.frozen = true) },
  { what: 'a socket frozen in mid-run', midway: ({ control }) => (control.socket.frozen = true) },
  { what: 'a deafened socket', midway: ({ control }) => control.deafen() },
  { what: 'a socket dropped in mid-run', midway: ({ control }) => control.dropSockets() },
  { what: 'a socket closed in mid-run by the pod', midway: ({ control }) => control.dropSockets(1001) },
  {
    what: 'a socket dropped and refused from then on',
    midway: ({ control }) => {
      control.socket.refuse = 503;
      control.dropSockets();
    },
  },
  { what: 'the final events withheld', before: ({ control }) => (control.socket.withholdFinal = true) },
  { what: 'every event twice', before: ({ control }) => (control.socket.duplicate = true) },
  { what: 'events in disorder', before: ({ control }) => (control.socket.disorder = true) },
  { what: 'history 2 s late', before: ({ control }) => (control.worker.historyLateMs = 2000), lateMs: 2000 },
  {
    what: 'a gap of 2 s between queue and history',
    before: ({ control }) => (control.worker.historyGapMs = 2000),
    lateMs: 2000,
  },
  {
    what: 'a gap of 2 s and no socket',
    before: ({ control }) => (control.worker.historyGapMs = 2000),
    lateMs: 2000,
    withoutSocket: true,
  },
  {
    what: 'reads that each take 400 ms and no socket',
    before: (slow) => {
      slow.control.fault({ path: '/queue' }, { kind: 'delay', ms: 400 });
      slow.control.fault({ path: /^\/history/ }, { kind: 'delay', ms: 400 });
    },
    withoutSocket: true,
  },
];

describe('the end of a prompt', () => {
  for (const version of ['0.3.64', '0.8.0'] as const)
    for (const { what, before, midway, lateMs = 0, withoutSocket } of faults)
      it.concurrent(`B80 is known within 3 s on ${version} with ${what}`, async () => {
        const own = await createDemoPod({ version });
        before?.(own);
        const { client } = startClient(own, withoutSocket ? { socket: false } : {});
        const prompt = stepsPrompt(15, 100);
        const promptId = await accepted(client, prompt);
        const heard: JobProgress[] = [];
        const following = followed(client, promptId, prompt, heard);
        if (midway) {
          await waitUntil(() => heard.some((one) => one.percent > 5), 'the bar moves');
          midway(own);
        }
        const end = await following;
        const knownAt = Date.now();
        expect(end).toMatchObject({ kind: 'succeeded', outputs: [{ kind: 'file', nodeId: '3' }] });
        const ranUntil = own.control.runs[0]?.endedAt ?? Number.NaN;
        expect(knownAt - (ranUntil + lateMs)).toBeLessThan(PROMISE_MS);
        expect(own.control.runs).toHaveLength(1);
        const percents = heard.map((one) => one.percent);
        expect(percents).toEqual(percents.toSorted((a, b) => a - b));
        await client.stop();
        await own.close();
      });
});

describe('the way back', () => {
  it('B81 polling takes over from a refused socket, and the socket from polling once it is well', async () => {
    pod.control.socket.refuse = 503;
    started = startClient(pod, { socket: { random: () => 0.2 } });
    const { client } = started;
    await client.probe();
    await waitUntil(() => client.link() === 'polling', 'the link is polling');
    pod.control.socket.refuse = undefined;
    await waitUntil(() => client.link() === 'socket', 'the link is the socket');
    const prompt = stepsPrompt(5, 50);
    const heard: JobProgress[] = [];
    await followed(client, await accepted(client, prompt), prompt, heard);
    expect(heard.some((one) => one.percent > 0 && one.percent < 100)).toBe(true);
  });

  it('B81 a socket is tried at once when the pod answers again, however long its pause would last', async () => {
    started = startClient(pod, { socket: { random: () => 1000 } });
    const { client } = started;
    await waitUntil(() => client.link() === 'socket', 'the link is the socket');
    await pod.control.refuseConnections(true);
    pod.control.dropSockets();
    await client.probe();
    await waitUntil(() => client.link() === 'down', 'the link is down');
    await pod.control.refuseConnections(false);
    await client.probe();
    await waitUntil(() => client.link() === 'socket', 'the link is the socket again');
  });

  it('B81 the link is down while neither socket nor calls get through', async () => {
    started = startClient(pod);
    const { client } = started;
    await waitUntil(() => client.link() === 'socket', 'the link is the socket');
    await pod.control.refuseConnections(true);
    pod.control.dropSockets();
    await client.probe();
    await waitUntil(() => client.link() === 'down', 'the link is down');
  });

  it('B77 a deafened socket is noticed and mended: live steps come again', async () => {
    started = startClient(pod, { timing: { deafMs: 1000 } });
    const { client } = started;
    await waitUntil(() => client.link() === 'socket', 'the link is the socket');
    const prompt = stepsPrompt(80, 100);
    const promptId = await accepted(client, prompt);
    const heard: JobProgress[] = [];
    const following = followed(client, promptId, prompt, heard);
    await waitUntil(() => heard.some((one) => one.percent > 5), 'the bar moves');
    pod.control.deafen();
    const opened = pod.control.sockets.opened;
    await waitUntil(() => pod.control.sockets.opened > opened, 'another socket is opened');
    const before = heard.at(-1)?.percent ?? 100;
    await waitUntil(() => (heard.at(-1)?.percent ?? 0) > before, 'the bar moves again');
    expect(pod.control.sockets.open).toBe(1);
    await client.cancel(promptId);
    expect(await following).toEqual({ kind: 'interrupted' });
  });

  it('B77 a deafened socket is mended though every prompt is too short to miss its frames', async () => {
    started = startClient(pod, { timing: { deafMs: 1500, lookMs: 200 } });
    const { client } = started;
    await waitUntil(() => client.link() === 'socket', 'the link is the socket');
    pod.control.deafen();
    const run = async (heard: JobProgress[]): Promise<void> => {
      const prompt = stepsPrompt(5, 100);
      await followed(client, await accepted(client, prompt), prompt, heard);
    };
    for (let prompts = 0; pod.control.sockets.opened < 2 && prompts < 8; prompts += 1) await run([]);
    expect(pod.control.sockets.opened).toBe(2);
    await waitUntil(() => client.link() === 'socket', 'the link is the socket again');
    const heard: JobProgress[] = [];
    await run(heard);
    expect(heard.some(({ percent }) => percent > 0 && percent < 99)).toBe(true);
  });

  it('B77 a node that is silent for long costs few new sockets', async () => {
    started = startClient(pod, { timing: { deafMs: 300, lookMs: 100 } });
    const { client } = started;
    await waitUntil(() => client.link() === 'socket', 'the link is the socket');
    const prompt = stepsPrompt(1, 5000);
    await followed(client, await accepted(client, prompt), prompt);
    expect(pod.control.sockets.opened).toBeLessThanOrEqual(6);
  });

  it('B84 what ended while the socket was away is known at once when it is back', async () => {
    started = startClient(pod, { timing: { lookMs: 60_000 }, socket: { random: () => 0.5 } });
    const { client } = started;
    await waitUntil(() => client.link() === 'socket', 'the link is the socket');
    const prompt = stepsPrompt(10, 50);
    const promptId = await accepted(client, prompt);
    const heard: JobProgress[] = [];
    const following = followed(client, promptId, prompt, heard);
    await waitUntil(() => heard.some((one) => one.percent > 0), 'the bar moves');
    pod.control.socket.refuse = 503;
    pod.control.dropSockets();
    await pod.control.idle();
    pod.control.socket.refuse = undefined;
    expect(await following).toMatchObject({ kind: 'succeeded' });
  });

  it('B73 previews name their prompt and node', async () => {
    started = startClient(pod);
    const { client } = started;
    await waitUntil(() => client.link() === 'socket', 'the link is the socket');
    const prompt = stepsPrompt(5, 50);
    const node = prompt['2'];
    if (node) node.inputs.preview = true;
    const previews: PromptPreview[] = [];
    const promptId = await accepted(client, prompt);
    const listener = { onProgress: () => undefined, onPreview: (one: PromptPreview) => previews.push(one) };
    await client.follow({ promptId, prompt }, listener, new AbortController().signal);
    expect(previews.length).toBeGreaterThan(0);
    expect(previews[0]).toMatchObject({ promptId, nodeId: '2', contentType: 'image/jpeg' });
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ComfyUIPodClient, type PodClientOptions } from '../../server/comfy/pod-client.ts';
import { ComfyUIWebSocketClient } from '../../server/comfy/websocket-client.ts';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { ComfyUIErrorHandlerService } from '../../server/jobs/failures/error-handler.ts';
import { failingPrompt, stepsPrompt } from '../support/prompts.ts';
import { waitUntil } from '../support/wait-until.ts';

let pod: DemoPod;
let clients: ComfyUIPodClient[] = [];
const timing = { settleDirectMs: 200, settleLookMs: 50, absentMs: 500, lookMs: 200 };
const errorHandler = new ComfyUIErrorHandlerService({ maxRetries: 3, backoffBase: 20 });

function client(options: Partial<PodClientOptions> = {}): ComfyUIPodClient {
  const made = new ComfyUIPodClient({ baseUrl: pod.url, timing, ...options });
  clients.push(made);
  return made;
}
beforeEach(async () => {
  pod = await createDemoPod();
});
afterEach(async () => {
  await Promise.all(clients.map((one) => one.close()));
  clients = [];
  await pod.close();
});
const withSocket = () => client({ websocketClient: new ComfyUIWebSocketClient(), errorHandler });

describe('executeWorkflow', () => {
  it('B92 names what was made, and calls back with rising whole percents at most once a second, 100 last', async () => {
    const calls: { percent: number; at: number }[] = [];
    const result = await withSocket().executeWorkflow(stepsPrompt(25, 100), 2000, (percent) => {
      calls.push({ percent, at: performance.now() });
    });
    expect(result).toEqual({
      promptId: pod.control.posts[0]?.promptId,
      outputs: [
        {
          node: '3',
          kind: 'image',
          file: 'podium-test_00001_.png',
          subfolder: '',
          type: 'output',
          url: `${pod.url}/view?filename=podium-test_00001_.png&subfolder=&type=output`,
        },
      ],
      warnings: [],
    });
    const [file] = result.outputs;
    expect(file?.kind === 'image' && (await fetch(file.url)).headers.get('content-type')).toBe('image/png');
    const percents = calls.map(({ percent }) => percent);
    expect(percents).toEqual([...new Set(percents)].toSorted((a, b) => a - b));
    expect(percents.every(Number.isInteger)).toBe(true);
    expect(percents.at(-1)).toBe(100);
    expect(percents.some((percent) => percent > 0 && percent < 100)).toBe(true);
    for (const [index, { at }] of calls.entries())
      if (index > 0) expect(at - (calls[index - 1]?.at ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it('B94 works without a WebSocket client', async () => {
    const percents: number[] = [];
    const result = await client().executeWorkflow(stepsPrompt(2, 50), 100, (percent) => percents.push(percent));
    expect(result.outputs).toHaveLength(1);
    expect(percents.at(-1)).toBe(100);
    expect(pod.control.sockets.opened).toBe(0);
  });

  it('B94 holds no socket open once it is done, and can be used again', async () => {
    const one = withSocket();
    await one.executeWorkflow(stepsPrompt(2, 20));
    await waitUntil(() => pod.control.sockets.open === 0, 'the socket is closed');
    expect((await one.executeWorkflow(stepsPrompt(2, 20))).outputs).toHaveLength(1);
    expect(pod.control.posts[0]?.clientId).toBe(pod.control.posts[1]?.clientId);
  });

  it('B92 goes on when the socket is cut', async () => {
    const percents: number[] = [];
    const running = withSocket().executeWorkflow(stepsPrompt(20, 50), 200, (percent) => percents.push(percent));
    await waitUntil(() => pod.control.sockets.open === 1 && pod.control.runs.length === 1, 'the prompt runs');
    pod.control.socket.refuse = 503;
    pod.control.dropSockets();
    expect((await running).outputs).toHaveLength(1);
    expect(percents.at(-1)).toBe(100);
  });

  it('B92 a failure rejects with its code and never calls back with 100', async () => {
    const percents: number[] = [];
    const failing = withSocket().executeWorkflow(failingPrompt('error'), 200, (percent) => percents.push(percent));
    await expect(failing).rejects.toMatchObject({ name: 'JobFailedError', code: 'node_failed', category: 'permanent' });
    expect(percents).not.toContain(100);
    expect(pod.control.posts).toHaveLength(1);
  });

  it('B92 an error of the program’s own callback rejects, and the process lives', async () => {
    const failing = withSocket().executeWorkflow(stepsPrompt(20, 50), 200, () => {
      throw new Error('mine');
    });
    await expect(failing).rejects.toThrow('mine');
  });

  it('B92 a pod that restarts with the work is given it again', async () => {
    const running = withSocket().executeWorkflow(stepsPrompt(10, 50), 200);
    await waitUntil(() => pod.control.runs.length === 1, 'the prompt runs');
    await pod.control.restart({ downMs: 200 });
    expect((await running).outputs).toHaveLength(1);
    const given = pod.control.runs.filter(({ jobId }) => jobId !== undefined);
    expect(given.map((run) => run.outcome)).toEqual(['lost', 'success']);
  });

  it('B94 closing the client ends what it waits for', async () => {
    const one = withSocket();
    const running = one.executeWorkflow(stepsPrompt(200, 50));
    await waitUntil(() => pod.control.runs.length === 1, 'the prompt runs');
    const rejected = expect(running).rejects.toMatchObject({ name: 'JobFailedError' });
    await one.close();
    await rejected;
  });

  it('B93 a pod that stays silent is given up', async () => {
    const one = client({ websocketClient: new ComfyUIWebSocketClient(), timing: { ...timing, giveUpMs: 500 } });
    const running = one.executeWorkflow(stepsPrompt(200, 50), 200);
    const rejected = expect(running).rejects.toMatchObject({ code: 'pod_unreachable' });
    await waitUntil(() => pod.control.runs.length === 1, 'the prompt runs');
    await pod.control.refuseConnections(true);
    pod.control.dropSockets();
    await rejected;
  });
});

describe('what the error handler does for a program', () => {
  it('B287 frees the memory of the pod and tries once more, then gives up, and tells of both', async () => {
    const told: string[] = [];
    const handler = new ComfyUIErrorHandlerService({
      backoffBase: 20,
      onDecision: ({ attempt, failure, decision }) => told.push(`${attempt} ${failure.error.code} ${decision.kind}`),
    });
    const running = client({ errorHandler: handler }).executeWorkflow(failingPrompt('oom'), 100);
    await expect(running).rejects.toMatchObject({ code: 'out_of_memory' });
    expect(told).toEqual(['1 out_of_memory again', '2 out_of_memory give_up']);
    const calls = pod.control.requests.map(({ method, path }) => `${method} ${path}`);
    expect(calls.filter((call) => call === 'POST /prompt' || call === 'POST /free')).toEqual([
      'POST /prompt',
      'POST /free',
      'POST /prompt',
    ]);
  });

  it('B287 obeys a hook that forbids a further attempt', async () => {
    pod.control.failNextPost({ kind: 'status', status: 429, accept: false });
    const handler = new ComfyUIErrorHandlerService({ backoffBase: 20, mayTryAgain: () => false });
    await expect(client({ errorHandler: handler }).queueWorkflow(stepsPrompt(1, 1))).rejects.toMatchObject({
      code: 'pod_busy',
    });
    expect(pod.control.posts).toHaveLength(1);
  });
});

describe('queueWorkflow', () => {
  it('B93 resolves with the prompt id once the pod has the workflow', async () => {
    const { promptId } = await client().queueWorkflow(stepsPrompt(1, 1));
    expect(pod.control.posts.map((post) => post.promptId)).toEqual([promptId]);
  });

  it('B93 two 429 and then success take three attempts', async () => {
    for (let count = 0; count < 2; count += 1) pod.control.failNextPost({ kind: 'status', status: 429, accept: false });
    const { promptId } = await client({ errorHandler }).queueWorkflow(stepsPrompt(1, 1));
    expect(pod.control.posts).toHaveLength(3);
    expect(pod.control.posts[2]?.promptId).toBe(promptId);
    expect(pod.control.requests.filter(({ path }) => path === '/system_stats')).toHaveLength(2);
  });

  it('B93 without an error handler the first transient error is final', async () => {
    pod.control.failNextPost({ kind: 'status', status: 429, accept: false });
    await expect(client().queueWorkflow(stepsPrompt(1, 1))).rejects.toMatchObject({ code: 'pod_busy' });
  });

  it('B93 a rejected workflow is not tried again', async () => {
    const queued = client({ errorHandler }).queueWorkflow({ '1': { class_type: 'NoSuchNode', inputs: {} } });
    await expect(queued).rejects.toMatchObject({ name: 'JobFailedError', category: 'permanent' });
    expect(pod.control.posts).toHaveLength(1);
  });

  it('B93 an answer that is lost makes nothing run twice', async () => {
    for (const kind of ['reset-after', 'reset-before'] as const) pod.control.failNextPost({ kind });
    const one = client({ errorHandler });
    const first = await one.queueWorkflow(stepsPrompt(1, 1));
    const second = await one.queueWorkflow(stepsPrompt(1, 1));
    await pod.control.idle();
    expect(pod.control.runs.map((run) => run.promptId)).toEqual([first.promptId, second.promptId]);
    expect(pod.control.posts.map((post) => post.promptId)).toEqual([first.promptId, second.promptId, second.promptId]);
  });

  it('B93 a pod that is down is asked again after its health', async () => {
    await pod.control.refuseConnections(true);
    const patient = new ComfyUIErrorHandlerService({ maxRetries: 50, backoffBase: 20 });
    const queued = client({ errorHandler: patient }).queueWorkflow(stepsPrompt(1, 1));
    await pod.control.refuseConnections(false);
    const { promptId } = await queued;
    expect(pod.control.posts.map((post) => post.promptId)).toEqual([promptId]);
  });
});

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { z } from 'zod';
import type { JobProgress } from '../../lib/jobs/progress.ts';
import { accepted, followed, startClient, submission, type StartedClient } from '../support/pod-clients.ts';
import { stepsPrompt } from '../support/prompts.ts';
import { waitUntil } from '../support/wait-until.ts';

/** A pod that gives every prompt an id of its own, as ComfyUI did before it took the caller's. */
const THEIRS = 'pod-chose-this';
let server: Server;
let sockets: WebSocketServer;
let socket: WebSocket | undefined;
let place: 'nowhere' | 'running' | 'ended' = 'nowhere';
let row: unknown[] = [];
let loseAnswer = false;
let asked: string[] = [];
let started: StartedClient;
const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const posted = z.object({ prompt: z.unknown(), extra_data: z.unknown() });

beforeEach(async () => {
  [place, row, loseAnswer, asked, socket] = ['nowhere', [], false, [], undefined];
  server = createServer((request, response) => {
    void text(request).then((body) => {
      asked.push(`${request.method} ${request.url} ${request.url === '/prompt' ? '' : body}`.trim());
      if (request.url === '/prompt') {
        const { prompt, extra_data } = posted.parse(JSON.parse(body));
        row = [0, THEIRS, prompt, extra_data, ['3']];
        place = 'running';
        if (loseAnswer) return void response.socket?.destroy();
      }
      if (request.url === '/interrupt') place = 'nowhere';
      const entry = { prompt: row, outputs: {}, status: { status_str: 'success', completed: true, messages: [] } };
      const history = place === 'ended' ? { [THEIRS]: entry } : {};
      const answers: Record<string, unknown> = {
        '/prompt': { prompt_id: THEIRS, number: 0, node_errors: {} },
        '/queue': { queue_running: place === 'running' ? [row] : [], queue_pending: [] },
        '/history?max_items=50': history,
        [`/history/${THEIRS}`]: history,
        '/system_stats': { system: { comfyui_version: '0.3.30' }, devices: [] },
        '/interrupt': {},
      };
      const answer = answers[request.url ?? ''] ?? (request.url?.startsWith('/history/') ? {} : undefined);
      if (answer === undefined) response.writeHead(404);
      response.end(answer === undefined ? '' : JSON.stringify(answer));
    });
  });
  sockets = new WebSocketServer({ server });
  sockets.on('connection', (one) => (socket = one));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  started = startClient({ url: url() }, { timing: { lookMs: 200, settleDirectMs: 200, settleLookMs: 50 } });
});
afterEach(async () => {
  await started.client.stop();
  sockets.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
const posts = () => asked.filter((one) => one === 'POST /prompt').length;

it('B96 a pod that chooses prompt ids itself is followed by socket and history under our id', async () => {
  await waitUntil(() => socket, 'the socket is open');
  const prompt = stepsPrompt(1, 1);
  const promptId = await accepted(started.client, prompt);
  expect((await started.client.queue()).running).toMatchObject([{ promptId }]);
  const heard: JobProgress[] = [];
  const following = followed(started.client, promptId, prompt, heard);
  const data = { node: '2', value: 5, max: 10, prompt_id: THEIRS };
  socket?.send(JSON.stringify({ type: 'progress', data }));
  await waitUntil(() => heard.some((one) => one.percent > 0), 'the bar moves');
  expect(new Set(heard.map((one) => one.promptId))).toEqual(new Set([promptId]));
  place = 'ended';
  expect(await following).toMatchObject({ kind: 'succeeded' });
  expect(posts()).toBe(1);
});

it('B96 its prompt of unknown fate is found by our id, and nothing is sent again', async () => {
  loseAnswer = true;
  const request = submission(stepsPrompt(1, 1));
  expect(await started.client.submit(request)).toMatchObject({ kind: 'unknown' });
  expect(await started.client.settle(request.promptId, new AbortController().signal)).toMatchObject({
    kind: 'present',
  });
  expect(posts()).toBe(1);
});

it('B96 another process finds what has ended there meanwhile', async () => {
  const prompt = stepsPrompt(1, 1);
  const promptId = await accepted(started.client, prompt);
  await started.client.stop();
  place = 'ended';
  started = startClient({ url: url() });
  expect(await started.client.whereabouts(promptId)).toMatchObject({ kind: 'ended', end: { kind: 'succeeded' } });
});

it('B96 it is told its own id when a prompt is cancelled', async () => {
  const promptId = await accepted(started.client, stepsPrompt(1, 1));
  expect(await started.client.cancel(promptId)).toEqual({ kind: 'asked' });
  expect(asked).toContain(`POST /interrupt ${JSON.stringify({ prompt_id: THEIRS })}`);
});

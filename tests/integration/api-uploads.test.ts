import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Upload, UploadStatus } from '../../lib/protocol/uploads.ts';
import { readConfig } from '../../server/config.ts';
import { createServer, type PodiumServer } from '../../server/create-server.ts';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { post, send } from '../support/open-test-front.ts';
import { loadPrompt, stepsPrompt } from '../support/prompts.ts';
import { waitUntil } from '../support/wait-until.ts';

let dataDir: string;
let demoPod: DemoPod;
let podium: PodiumServer;
let port: number;
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'podium-api-uploads-'));
  demoPod = await createDemoPod({ stepMs: 5 });
  const config = readConfig({ DATA_DIR: dataDir, PORT: '0', UPLOAD_MAX_BYTES: '2000000' });
  podium = await createServer(config, { pages: false, demoPod });
  await podium.start();
  port = Number(new URL(podium.url).port);
});
afterAll(async () => {
  await podium.close();
  await demoPod.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
interface PutAnswer {
  status: number;
  body: UploadStatus & { code?: string; detail?: string };
}
async function put(bytes: Uint8Array, headers: Record<string, string> = {}, hash = hashOf(bytes)): Promise<PutAnswer> {
  const answer = await fetch(`${podium.url}/api/uploads/${hash}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/octet-stream', ...headers },
    body: Buffer.from(bytes),
  });
  return { status: answer.status, body: (await answer.json()) as PutAnswer['body'] };
}
const statusOf = async (hash: string) => (await send(port, `/api/uploads/${hash}`)).json as unknown as UploadStatus;

describe('uploads over HTTP', () => {
  it('B403 takes a file whole, as raw bytes with its name in a header', async () => {
    const bytes = randomBytes(1000);
    const { status, body } = await put(bytes, { 'x-upload-name': encodeURIComponent('Grüße 🦊.latent') });
    expect([status, body.received]).toEqual([200, 1000]);
    expect(body.upload).toMatchObject({
      name: 'Grüße 🦊.latent',
      kind: 'other',
      ref: `podium-${hashOf(bytes)}.latent`,
    });
    expect(await statusOf(hashOf(bytes))).toEqual(body);
    expect(await statusOf('0'.repeat(64))).toEqual({ hash: '0'.repeat(64), received: 0 });
  });

  it('B403 takes a file in stretches', async () => {
    const bytes = randomBytes(1000);
    const hash = hashOf(bytes);
    const part = (from: number, to: number) =>
      put(bytes.subarray(from, to), { 'content-range': `bytes ${from}-${to - 1}/1000` }, hash);
    expect((await part(0, 400)).body).toEqual({ hash, received: 400 });
    expect(await part(500, 1000)).toMatchObject({ status: 409, body: { code: 'upload_conflict' } });
    expect((await part(300, 1000)).body.upload?.bytes).toBe(1000);
  });

  it('B397 keeps what came before the browser left, and goes on from there', async () => {
    const bytes = randomBytes(1_000_000);
    const hash = hashOf(bytes);
    const socket = connect(port, '127.0.0.1');
    socket.write(
      `PUT /api/uploads/${hash} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/octet-stream\r\n` +
        `Content-Length: ${bytes.byteLength}\r\n\r\n`,
    );
    socket.write(bytes.subarray(0, 300_000));
    await waitUntil(async () => (await statusOf(hash)).received === 300_000, 'the first stretch is here');
    expect(await put(bytes)).toMatchObject({ status: 409, body: { code: 'upload_conflict' } });
    socket.destroy();
    const rest = { 'content-range': 'bytes 300000-999999/1000000' };
    const whole = await waitUntil(async () => {
      const answer = await put(bytes.subarray(300_000), rest, hash);
      return answer.status === 200 && answer;
    }, 'the rest is taken');
    expect(whole.body.upload?.bytes).toBe(1_000_000);
    expect(podium.url).toBeDefined();
  });

  it.each([
    ['of another type', { 'content-type': 'application/json' }, 415, 'unsupported_media_type'],
    ['that is packed', { 'content-encoding': 'gzip' }, 415, 'unsupported_media_type'],
    ['of a page elsewhere', { origin: 'https://evil.example' }, 403, 'origin_refused'],
    ['of a range that is none', { 'content-range': 'bytes 5-1/10' }, 400, 'invalid_request'],
    ['of another length than its range', { 'content-range': 'bytes 0-5/10' }, 400, 'invalid_request'],
    ['whose name cannot be read', { 'x-upload-name': '%E0%A4%A' }, 400, 'invalid_request'],
    ['of a file beyond the limit', { 'content-range': 'bytes 0-9/2000001' }, 413, 'body_too_large'],
  ])('B403 refuses a body %s', async (_what, headers, status, code) => {
    expect(await put(randomBytes(10), headers)).toMatchObject({ status, body: { code } });
  });

  it('B396 answers bytes of another hash with 422', async () => {
    const answer = await put(randomBytes(10), {}, 'a'.repeat(64));
    expect(answer).toMatchObject({ status: 422, body: { code: 'upload_mismatch' } });
    expect(await put(randomBytes(10), {}, 'not-a-hash')).toMatchObject({ status: 400 });
    expect(await put(Buffer.alloc(0))).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('empty') },
    });
  });

  it('B403 shows no upload in place that a browser could run', async () => {
    const page = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>');
    await put(page, { 'x-upload-name': 'x.html' });
    const shown = await fetch(`${podium.url}/api/uploads/${hashOf(page)}/file`);
    expect(shown.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(shown.headers.get('x-content-type-options')).toBe('nosniff');
    expect(shown.headers.get('content-security-policy')).toContain('sandbox');
    const ranged = await fetch(`${podium.url}/api/uploads/${hashOf(page)}/file?download`, {
      headers: { range: 'bytes=0-3' },
    });
    expect([ranged.status, await ranged.text()]).toEqual([206, '<svg']);
    expect(ranged.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''x.html");
    expect((await send(port, `/api/uploads/${'0'.repeat(64)}/file`)).json).toMatchObject({ code: 'upload_not_found' });
  });

  it('B403 makes an upload of an output, which a further job reads', async () => {
    const succeeds = async (workflow: object) => {
      const { id } = (await send(port, '/api/jobs', post({ workflow }))).json['job'] as { id: string };
      await waitUntil(async () => (await podium.desk.service.get(id))?.state === 'succeeded', 'the job succeeds');
      return id;
    };
    const jobId = await succeeds(stepsPrompt(1, 5));
    const made = await send(port, '/api/uploads/from-output', post({ jobId, index: 0 }));
    const upload = made.json['upload'] as Upload;
    expect(upload).toMatchObject({ kind: 'image', contentType: 'image/png', ref: `podium-${upload.hash}.png` });
    const again = await send(port, '/api/uploads/from-output', post({ jobId, index: 0 }));
    expect(again.json['upload']).toEqual(upload);
    await succeeds(loadPrompt(upload.ref));
    expect(await send(port, '/api/uploads/from-output', post({ jobId, index: 7 }))).toMatchObject({ status: 404 });
  });
});

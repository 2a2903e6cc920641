import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileUploadStore, type FileUploadStore } from './file-upload-store.ts';

const DAY_MS = 86_400_000;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
/** Sends these bytes, then breaks off as a connection does. */
const cutAfter = (bytes: Uint8Array) => {
  async function* send(): AsyncGenerator<Uint8Array> {
    yield bytes;
    await Promise.resolve();
    throw new Error('socket hang up');
  }
  return Readable.from(send());
};

describe('uploads as files', () => {
  let dir: string;
  let now: number;
  let store: FileUploadStore;
  const open = (more: { maxBytes?: number } = {}) =>
    createFileUploadStore({ dir, maxBytes: 1_000_000, keepMs: 30 * DAY_MS, now: () => now, ...more });
  const put = (bytes: Uint8Array, more: { start?: number; total?: number; name?: string; body?: Readable } = {}) =>
    store.put(sha256(bytes), {
      start: 0,
      total: bytes.byteLength,
      name: 'x.bin',
      body: Readable.from([bytes]),
      ...more,
    });
  const kept = () => readdirSync(dir).toSorted();

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'podium-uploads-'));
    now = Date.now();
    store = open();
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('B395 keeps a file under the hash of its bytes, names it by its content and gives it back', async () => {
    const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    const hash = sha256(png);
    const status = await put(png, { name: '../../Urlaub 🦊.JPEG' });
    const upload = { hash, ref: `podium-${hash}.png`, name: 'Urlaub 🦊.JPEG', contentType: 'image/png', kind: 'image' };
    expect(status).toEqual({ hash, received: png.byteLength, upload: { ...upload, bytes: png.byteLength } });
    expect(await store.status(hash)).toEqual(status);
    const body = await store.open(hash, { start: 1, end: 3 });
    expect(body && (await buffer(body)).toString()).toBe('PNG');
    expect(await store.known([upload.ref, `podium-${'0'.repeat(64)}.png`, 'cat.png'])).toEqual(new Set([upload.ref]));
  });

  it('B395 keeps the same bytes once, whoever sends them', async () => {
    const bytes = randomBytes(5000);
    const first = await put(bytes, { name: 'a.latent' });
    const before = kept();
    expect(await put(bytes, { name: 'b.other' })).toEqual(first);
    expect(kept()).toEqual(before);
    expect(first.upload).toMatchObject({ name: 'a.latent', kind: 'other', ref: `podium-${sha256(bytes)}.latent` });
  });

  it('B395 gives markup that calls itself a picture no type of one', async () => {
    const { upload } = await put(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), { name: 'x.svg' });
    expect(upload).toMatchObject({ contentType: 'text/plain', kind: 'other' });
    const long = await put(randomBytes(10), { name: 'model.safetensors' });
    expect(long.upload?.ref).toMatch(/\.bin$/);
  });

  it('B396 keeps nothing of bytes that have another hash', async () => {
    const hash = 'a'.repeat(64);
    const part = { start: 0, total: 3, name: 'x', body: Readable.from([Buffer.from('abc')]) };
    await expect(store.put(hash, part)).rejects.toMatchObject({ code: 'upload_mismatch' });
    expect(kept()).toEqual([]);
    expect(await store.status(hash)).toEqual({ hash, received: 0 });
  });

  it('B397 goes on where a cut left it, after a restart too, and passes over what is here', async () => {
    const bytes = randomBytes(300_000);
    const hash = sha256(bytes);
    await expect(put(bytes, { body: cutAfter(bytes.subarray(0, 100_000)) })).rejects.toMatchObject({
      code: 'upload_conflict',
    });
    store = open();
    expect(await store.status(hash)).toEqual({ hash, received: 100_000 });
    const second = { start: 90_000, body: Readable.from([bytes.subarray(90_000, 200_000)]) };
    expect(await put(bytes, second)).toEqual({ hash, received: 200_000 });
    await expect(put(bytes, { start: 200_001 })).rejects.toThrow('go on from byte 200000');
    const { upload } = await put(bytes, { start: 200_000, body: Readable.from([bytes.subarray(200_000)]) });
    expect(upload?.bytes).toBe(300_000);
    const body = await store.open(hash);
    expect(body && (await buffer(body)).equals(bytes)).toBe(true);
  });

  it('B397 makes whole what was complete when the process died', async () => {
    const bytes = randomBytes(1000);
    await put(bytes, { total: 1001 });
    const { upload } = await put(bytes, { start: 999, body: Readable.from([bytes.subarray(999)]) });
    expect(upload?.bytes).toBe(1000);
  });

  it('B398 lets one request write a file and tells another how much is there', async () => {
    const bytes = randomBytes(2000);
    const body = new PassThrough();
    const first = put(bytes, { body });
    await expect(put(bytes)).rejects.toThrow(/Another request uploads this file now; 0 bytes of it are here/);
    body.end(bytes);
    expect((await first).upload?.bytes).toBe(2000);
  });

  it('B398 writes a bounded number of files at once', async () => {
    const bodies = Array.from({ length: 16 }, () => new PassThrough());
    const files = bodies.map(() => randomBytes(10));
    const writing = files.map((bytes, at) => put(bytes, { body: bodies[at] ?? new PassThrough() }));
    await expect(put(randomBytes(10))).rejects.toMatchObject({ code: 'too_many_requests' });
    bodies.forEach((body, at) => body.end(files[at]));
    expect((await Promise.all(writing)).every(({ upload }) => upload !== undefined)).toBe(true);
    expect((await put(randomBytes(10))).upload).toBeDefined();
  });

  it('B399 refuses what is empty, larger than announced or than the limit', async () => {
    store = open({ maxBytes: 1000 });
    await expect(put(randomBytes(1001))).rejects.toThrow('UPLOAD_MAX_BYTES');
    await expect(put(Buffer.alloc(0))).rejects.toThrow('empty');
    const endless = { start: 0, name: 'x', body: Readable.from([Buffer.alloc(2000)]) };
    await expect(store.put('b'.repeat(64), endless)).rejects.toMatchObject({ code: 'body_too_large' });
    await expect(put(randomBytes(10), { total: 9 })).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(store.put('../../etc/passwd', endless)).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('B399 keeps few files that are not whole: one more pushes out the one left longest ago', async () => {
    const left = Array.from({ length: 64 }, () => randomBytes(10));
    for (const [at, bytes] of left.entries()) {
      await put(bytes, { total: 11 });
      utimesSync(join(dir, `${sha256(bytes)}.part`), new Date(at * 1000), new Date(at * 1000));
    }
    await put(randomBytes(10), { total: 11 });
    const parts = kept().filter((name) => name.endsWith('.part'));
    expect(parts).toHaveLength(64);
    expect(parts).not.toContain(`${sha256(left[0] ?? Buffer.alloc(0))}.part`);
  });

  it('B400 deletes what nobody went on with for a day and what was not used for as long as history is kept', async () => {
    const [half, whole, used] = [randomBytes(10), randomBytes(10), randomBytes(10)];
    await put(half, { total: 11 });
    await put(whole);
    await put(used);
    now += 23 * 3_600_000;
    await store.cleanUp();
    expect(await store.status(sha256(half))).toMatchObject({ received: 10 });
    now += 2 * 3_600_000;
    await store.cleanUp();
    expect(await store.status(sha256(half))).toMatchObject({ received: 0 });
    now += 20 * DAY_MS;
    await store.find(sha256(used));
    now += 20 * DAY_MS;
    await store.cleanUp();
    expect((await store.status(sha256(used))).upload).toBeDefined();
    expect(kept()).toEqual([`${sha256(used)}.bin`, `${sha256(used)}.json`]);
  });

  it('B395 lets only its own user read the files', async () => {
    const bytes = randomBytes(10);
    await put(bytes);
    const path = join(dir, `${sha256(bytes)}.bin`);
    expect(existsSync(path) && statSync(path).mode & 0o077).toBe(0);
  });
});

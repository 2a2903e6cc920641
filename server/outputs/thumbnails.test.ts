import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileOutputStore, type FileOutputStore } from './file-output-store.ts';

const never = new AbortController().signal;

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.byteLength);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A valid PNG whose pixels would fill memory: 60,000 by 60,000, all black, a few megabytes as a file. */
function bomb(): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(60_000, 0);
  head.writeUInt32BE(60_000, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const pixels = deflateSync(Buffer.alloc(64 * 1024 * 1024), { level: 9 });
  const mark = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([mark, chunk('IHDR', head), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

describe('thumbnails', () => {
  let dir: string;
  let store: FileOutputStore;
  const jobId = randomUUID();
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'podium-thumbs-'));
    store = createFileOutputStore({ dir, maxBytes: 2 ** 26 });
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const keep = (content: Uint8Array | string, filename = 'x.png') =>
    store.copy(
      { jobId, attempt: 1, index: 0 },
      {
        output: { nodeId: '1', kind: 'file', filename, subfolder: '', type: 'output' },
        nodeName: 'Save',
        open: () => Promise.resolve({ body: Readable.from([Buffer.from(content)]), offset: 0 }),
      },
      never,
    );
  const flat = (width: number, height: number) =>
    sharp({ create: { width, height, channels: 4, background: { r: 200, g: 20, b: 90, alpha: 0.5 } } });
  const kept = () => readdirSync(join(dir, jobId)).filter((name) => name.endsWith('.webp'));

  it('B19 knows a picture’s size as it is shown', async () => {
    expect(await keep(await flat(640, 480).png().toBuffer())).toMatchObject({ width: 640, height: 480, kind: 'image' });
  });

  it('B19 turns a picture as its camera held it', async () => {
    const turned = await flat(640, 480).jpeg().withMetadata({ orientation: 6 }).toBuffer();
    const output = await keep(turned);
    expect(output).toMatchObject({ width: 480, height: 640 });
    const small = await store.thumbnail(jobId, output, 96);
    expect(await sharp(small).metadata()).toMatchObject({ format: 'webp', width: 96, height: 128 });
  });

  it('B19 makes a small WebP once and keeps it', async () => {
    const output = await keep(await flat(640, 480).png().toBuffer());
    const pictures = await Promise.all(Array.from({ length: 8 }, () => store.thumbnail(jobId, output, 96)));
    expect(await sharp(pictures[0]).metadata()).toMatchObject({ format: 'webp', width: 96, height: 72 });
    expect(new Set(pictures.map((picture) => picture && Buffer.from(picture).toString('hex'))).size).toBe(1);
    expect(kept()).toEqual(['1-0.96.webp']);
    const again = createFileOutputStore({ dir, maxBytes: 1 });
    expect(await again.thumbnail(jobId, output, 96)).toEqual(pictures[0]);
  });

  it('B19 keeps few sizes whatever widths are asked for, and enlarges nothing', async () => {
    const output = await keep(await flat(640, 480).png().toBuffer());
    for (let width = 16; width <= 1024; width += 48) await store.thumbnail(jobId, output, width);
    expect(kept().length).toBeLessThanOrEqual(9);
    expect((await sharp(await store.thumbnail(jobId, output, 1024)).metadata()).width).toBe(640);
  }, 30_000);

  it('B19 shows the first frame of an animation', async () => {
    const frames = await Promise.all(['red', 'blue'].map((background) => frame(background)));
    const gif = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer();
    const output = await keep(gif, 'x.gif');
    expect(output).toMatchObject({ contentType: 'image/gif', width: 32, height: 20 });
    const { dominant } = await sharp(await store.thumbnail(jobId, output, 96)).stats();
    expect(dominant.r).toBeGreaterThan(dominant.b);
  });
  const frame = (background: string) =>
    sharp({ create: { width: 32, height: 20, channels: 3, background } })
      .png()
      .toBuffer();

  it('B19 does not unpack a picture that would fill memory', async () => {
    const before = process.memoryUsage().rss;
    const output = await keep(bomb());
    expect(output).toMatchObject({ contentType: 'image/png', kind: 'image' });
    expect(output.width).toBeUndefined();
    expect(await store.thumbnail(jobId, output, 96)).toBeUndefined();
    expect(process.memoryUsage().rss - before).toBeLessThan(500 * 1024 * 1024);
  }, 30_000);

  it('B19 has no thumbnail of what is no picture, or is a broken one', async () => {
    const html = await keep('<html><script>alert(1)</script>');
    expect(html).toMatchObject({ contentType: 'text/plain', kind: 'text', filename: 'x.png' });
    expect(await store.thumbnail(jobId, html, 96)).toBeUndefined();
    await store.remove(jobId);
    const svg = await keep('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    expect(await store.thumbnail(jobId, svg, 96)).toBeUndefined();
    await store.remove(jobId);
    const cut = await keep((await flat(640, 480).png().toBuffer()).subarray(0, 200));
    expect(cut.kind).toBe('image');
    expect(await store.thumbnail(jobId, cut, 96)).toBeUndefined();
    expect(await store.thumbnail(jobId, cut, 96)).toBeUndefined();
    expect(kept()).toEqual([]);
  });

  it('B19 has no thumbnail of an output it does not hold', async () => {
    const output = await keep(await flat(64, 64).png().toBuffer());
    expect(await store.thumbnail(jobId, { ...output, sha256: 'f'.repeat(64) }, 96)).toBeUndefined();
    expect(await store.thumbnail(randomUUID(), output, 96)).toBeUndefined();
  });
});

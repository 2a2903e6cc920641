import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import * as media from '../../../../tests/support/media-files.ts';
import { readWorkflowFile } from '../read-workflow-file.ts';

const GB = 1024 ** 3;
const workflow = JSON.stringify({ version: 0.4, nodes: [{ id: 1, type: 'EmptyImage' }], links: [] });
const message = async (source: Parameters<typeof readWorkflowFile>[0]) => {
  const intake = await readWorkflowFile(source);
  return intake.ok ? intake.found.notes.join(' ') : intake.message;
};
/** A box or element of a film that says it is this large. */
const mdat = (size: number) =>
  media.join(media.u32(1), 'mdat', media.u32(Math.floor(size / 2 ** 32)), media.u32(size % 2 ** 32));

describe('a large file', () => {
  it('B353 an MP4 of 2 GB with its index at the end costs a few kilobytes', async () => {
    const film = mdat(2 * GB);
    const track = media.box('trak', new Uint8Array(3_000_000));
    const moov = media.box('moov', media.box('mvhd'), track, media.box('udta', media.keyedMeta({ workflow })));
    const ftyp = media.box('ftyp', 'isom');
    const source = media.sparseSource(ftyp.length + 2 * GB + moov.length, [
      { at: 0, bytes: ftyp },
      { at: ftyp.length, bytes: film },
      { at: ftyp.length + 2 * GB, bytes: moov },
    ]);
    expect(await readWorkflowFile(source)).toMatchObject({ ok: true, found: { source: 'mp4' } });
    expect(source.bytesRead).toBeLessThan(50_000);
  });

  it('B353 a WebM of 2 GB whose table names the tags at its end costs a few kilobytes', async () => {
    const tags = media.mkvTags({ WORKFLOW: workflow });
    const cluster = media.element(0x1f43b675, media.join(), 4_000_000);
    const seek = (position: number) =>
      media.element(
        0x114d9b74,
        media.element(
          0x4dbb,
          media.join(media.element(0x53ab, media.u32(0x1254c367)), media.element(0x53ac, media.u32(position))),
        ),
      );
    const content = seek(0).length + 500 * (cluster.length + 4_000_000);
    const start = media.join(media.EBML_HEADER, media.element(0x18538067, media.join(), content + tags.length));
    const first = start.length + seek(0).length;
    const clusters = Array.from({ length: 500 }, (_, index) => ({
      at: first + index * (cluster.length + 4_000_000),
      bytes: cluster,
    }));
    const pieces = [{ at: start.length + content, bytes: tags }, ...clusters];
    const size = start.length + content + tags.length;
    const withTable = media.sparseSource(size, [{ at: 0, bytes: media.join(start, seek(content)) }, ...pieces]);
    expect(await readWorkflowFile(withTable)).toMatchObject({ ok: true, found: { source: 'webm' } });
    expect(withTable.bytesRead).toBeLessThan(50_000);
    const wrongTable = media.sparseSource(size, [{ at: 0, bytes: media.join(start, seek(first)) }, ...pieces]);
    expect(await readWorkflowFile(wrongTable)).toMatchObject({ ok: true, found: { source: 'webm' } });
    expect(wrongTable.bytesRead).toBeLessThan(5_000_000);
  });

  it('B353 a model of 6 GB costs its header', async () => {
    const header = media.safetensors({ __metadata__: { workflow } });
    const source = media.sparseSource(6 * GB, [{ at: 0, bytes: header }]);
    expect(await readWorkflowFile(source)).toMatchObject({ ok: true, found: { source: 'safetensors' } });
    expect(source.bytesRead).toBeLessThan(10_000);
  });

  it('B353 a picture of 100 MB is passed over part by part', async () => {
    const data = media.pngChunk('IDAT', new Uint8Array(8192));
    const text = media.pngText('workflow', workflow);
    const size = 12_000 * data.length;
    const source = media.sparseSource(8 + size + text.length, [
      { at: 0, bytes: media.join('\x89PNG\r\n\x1a\n') },
      ...Array.from({ length: 12_000 }, (_, index) => ({ at: 8 + index * data.length, bytes: data.subarray(0, 8) })),
      { at: 8 + size, bytes: text },
    ]);
    expect(await readWorkflowFile(source)).toMatchObject({ ok: true, found: { source: 'png' } });
    expect(source.bytesRead).toBeLessThan(60_000_000);
  });

  it('B354 text of more than 20 MB is not read at all', async () => {
    const source = media.sparseSource(GB, [{ at: 0, bytes: Buffer.from('{'.padEnd(600)) }]);
    expect(await message(source)).toMatch(/^This file has 1024 MB of text; a workflow has at most 20 MB\./);
    expect(source.bytesRead).toBeLessThan(10_000);
  });
});

describe('a file made to cost much', () => {
  it('B354 a text that unpacks to more than 20 MB is left packed', async () => {
    const bomb = media.join('workflow', [0, 0], deflateSync(new Uint8Array(200_000_000)));
    expect(await message(media.memorySource(media.png(media.pngChunk('zTXt', bomb))))).toMatch(
      /“workflow” is damaged or too large when unpacked/,
    );
  });

  it('B354 millions of parts end the reading', async () => {
    const parts = Buffer.alloc(200_000 * 12, media.pngChunk('teXt', media.join()));
    expect(await message(media.memorySource(media.join('\x89PNG\r\n\x1a\n', parts)))).toMatch(/more than 100000 parts/);
    const boxes = Buffer.alloc(200_000 * 8, media.box('free'));
    expect(await message(media.memorySource(media.join(media.box('ftyp', 'isom'), boxes)))).toMatch(
      /more than 100000 parts/,
    );
  });

  it('B354 parts that together are larger than 96 MB end the reading', async () => {
    const chunk = media.join(media.u32(15_000_000), 'tEXt');
    const pieces = Array.from({ length: 10 }, (_, index) => ({ at: 8 + index * 15_000_012, bytes: chunk }));
    const source = media.sparseSource(200_000_000, [{ at: 0, bytes: media.join('\x89PNG\r\n\x1a\n') }, ...pieces]);
    expect(await message(source)).toMatch(/more metadata than is read|More than 96 MB/);
    expect(source.bytesRead).toBeLessThan(100_000_000);
  });

  it('B354 tags that all name the same text end the reading', async () => {
    const text = media.join('x'.repeat(15_000_000));
    const one = media.exif([{ tag: 0x010e, type: 2, bytes: text }]);
    const start = one.length - text.length;
    const entry = media.join([1, 14, 0, 2], media.u32(text.length), media.u32(start + 500 * 12));
    const many = media.join(
      'MM\0*',
      media.u32(8),
      [1, 0xf4],
      ...Array.from({ length: 500 }, () => entry),
      new Uint8Array(start),
      text,
    );
    expect(await message(media.memorySource(media.webp(many)))).toMatch(/more metadata than is read/);
  });

  it('B354 a part that says it is larger than 20 MB is passed over, with a note', async () => {
    const large = media.join(media.u32(30_000_000), 'tEXt');
    const text = media.pngText('workflow', workflow);
    const source = media.sparseSource(30_000_020 + text.length, [
      { at: 0, bytes: media.join('\x89PNG\r\n\x1a\n', large) },
      { at: 30_000_020, bytes: text },
    ]);
    expect(await message(source)).toMatch(/“tEXt” has more than 20 MB and was not read/);
    expect(source.bytesRead).toBeLessThan(20_000);
  });
});

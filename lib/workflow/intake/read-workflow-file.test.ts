import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import * as media from '../../../tests/support/media-files.ts';
import { readWorkflowFile } from './read-workflow-file.ts';

const PROMPT = { '1': { class_type: 'EmptyImage', inputs: { name: 'Ätna 火' } } };
const EDITOR = { version: 0.4, nodes: [{ id: 1, type: 'EmptyImage' }], links: [] };
const [prompt, workflow] = [JSON.stringify(PROMPT), JSON.stringify(EDITOR)];
const both = JSON.stringify({ prompt: PROMPT, workflow: EDITOR });
const texts = { prompt, workflow };

async function read(bytes: Uint8Array) {
  const intake = await readWorkflowFile(media.memorySource(bytes));
  if (!intake.ok) return intake.message;
  const { source, editor, prompt: found, notes } = intake.found;
  return { source, editor: editor?.nodes.length ?? 0, prompt: found ?? null, notes };
}
const whole = (source: string) => ({ source, editor: 1, prompt: PROMPT, notes: [] });

const utf8 = (text: string) => Buffer.from(text);
const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();
const zText = (name: string, text: string) => media.pngChunk('zTXt', media.join(name, [0, 0], deflateSync(text)));
const iText = (name: string, text: string, packed: boolean) =>
  media.pngChunk(
    'iTXt',
    media.join(name, [0, packed ? 1 : 0, 0], 'en\0', utf8('übersetzt'), [0], packed ? deflateSync(text) : utf8(text)),
  );
const comfTags = [media.ascii(0x0110, `prompt:${prompt}`), media.ascii(0x010f, `workflow:${workflow}`)];
const comment = (charset: string, text: Uint8Array) => ({ tag: 0x9286, type: 7, bytes: media.join(charset, text) });
const app1 = (block: Uint8Array) => ({ marker: 0xe1, content: media.join('Exif\0\0', block) });
const txxx = (version: number, name: string, text: string, format = 0) =>
  media.id3Frame(version, version === 2 ? 'TXX' : 'TXXX', media.join([3], name, [0], utf8(text)), format);
const wide = (name: string, text: string) =>
  media.id3Frame(
    3,
    'TXXX',
    media.join([1, 0xff, 0xfe], Buffer.from(`${name}\0`, 'utf16le'), [0xff, 0xfe], Buffer.from(text, 'utf16le')),
  );
const opus = (tags: Record<string, string>) => [
  media.join('OpusHead', new Uint8Array(11)),
  media.join('OpusTags', media.vorbisComment(tags)),
];
const itunes = media.box(
  'meta',
  media.u32(0),
  media.box('hdlr', new Uint8Array(25)),
  media.box('ilst', media.box('©cmt', media.dataBox(both))),
);
const freeform = (name: string, text: string) =>
  media.box(
    '----',
    media.box('mean', media.u32(0), 'com.x'),
    media.box('name', media.u32(0), name),
    media.dataBox(text),
  );
const segment = (...parts: Uint8Array[]) =>
  media.join(media.EBML_HEADER, media.element(0x18538067, media.join(...parts)));
const cluster = media.element(0x1f43b675, media.element(0xa3, new Uint8Array(40)));

describe('a workflow in a file', () => {
  it.each<[string, string, Uint8Array]>([
    ['PNG, tEXt', 'png', media.png(media.pngText('prompt', prompt), media.pngText('workflow', workflow))],
    ['PNG, zTXt', 'png', media.png(zText('prompt', prompt), zText('workflow', workflow))],
    ['PNG, iTXt', 'png', media.png(iText('prompt', prompt, false), iText('workflow', workflow, true))],
    ['PNG, EXIF', 'png', media.png(media.pngChunk('eXIf', media.exif(comfTags)))],
    ['WebP', 'webp', media.webp(media.exif(comfTags))],
    ['WebP, little endian, with a header', 'webp', media.webp(media.join('Exif\0\0', media.exif(comfTags, true)))],
    ['JPEG', 'jpeg', media.jpeg({ marker: 0xe0, content: media.join('JFIF\0') }, app1(media.exif(comfTags, true)))],
    ['JPEG, user comment, ASCII', 'jpeg', media.jpeg(app1(media.exif([comment('ASCII\0\0\0', utf8(both))])))],
    ['JPEG, user comment, UTF-16', 'jpeg', media.jpeg(app1(media.exif([comment('UNICODE\0', utf16be(both))])))],
    ['JPEG, user comment without a character set', 'jpeg', media.jpeg(app1(media.exif([comment('', utf8(both))])))],
    [
      'JPEG, comment of Windows',
      'jpeg',
      media.jpeg(app1(media.exif([{ tag: 0x9c9c, type: 1, bytes: Buffer.from(`${both}\0`, 'utf16le') }]))),
    ],
    ['JPEG, comment segment', 'jpeg', media.jpeg({ marker: 0xfe, content: utf8(both) })],
    ['MP4, keys', 'mp4', media.mp4(media.box('mvhd'), media.box('udta', media.keyedMeta(texts)))],
    ['MOV, keys in moov', 'mp4', media.mp4(media.keyedMeta(texts))],
    [
      'MOV, meta without a version',
      'mp4',
      media.mp4(media.join(media.u32(media.keyedMeta(texts).length - 4), 'meta', media.keyedMeta(texts).subarray(12))),
    ],
    ['MP4, ©cmt of iTunes', 'mp4', media.mp4(media.box('udta', itunes))],
    [
      'MP4, names freely chosen',
      'mp4',
      media.mp4(
        media.box(
          'udta',
          media.box(
            'meta',
            media.u32(0),
            media.box('ilst', freeform('prompt', prompt), freeform('workflow', workflow)),
          ),
        ),
      ),
    ],
    [
      'MOV, ©cmt in udta',
      'mp4',
      media.mp4(media.box('udta', media.box('©cmt', [0, 9, 0, 0], utf8(both)), media.u32(0))),
    ],
    ['WebM', 'webm', segment(media.mkvTags({ PROMPT: prompt, WORKFLOW: workflow }), cluster)],
    ['WebM, comment', 'webm', segment(media.mkvTags({ COMMENT: both }), cluster)],
    ['WebM, tags behind a film without a table', 'webm', segment(cluster, cluster, media.mkvTags(texts))],
    [
      'WebM, sizes not known',
      'webm',
      media.join(
        media.EBML_HEADER,
        media.element(0x18538067, media.join(), 2 ** 48 * 256 - 1).subarray(0, 4),
        [0xff],
        media.u32(0x1f43b675),
        [0xff],
        media.element(0xe7, media.join([0])),
        media.mkvTags(texts),
      ),
    ],
    ['FLAC', 'flac', media.flac(media.vorbisComment(texts))],
    ['MP3, version 2', 'mp3', media.mp3(2, media.join(txxx(2, 'prompt', prompt), txxx(2, 'workflow', workflow)))],
    ['MP3, version 3, UTF-16', 'mp3', media.mp3(3, media.join(wide('prompt', prompt), wide('workflow', workflow)))],
    ['MP3, version 4', 'mp3', media.mp3(4, media.join(txxx(4, 'prompt', prompt), txxx(4, 'workflow', workflow)))],
    [
      'MP3, version 4, length before the text',
      'mp3',
      media.mp3(4, media.id3Frame(4, 'TXXX', media.join(media.syncSafe(9), [3], 'x\0', utf8(both)), 1)),
    ],
    [
      'MP3, version 3, extended header',
      'mp3',
      media.mp3(3, media.join(media.u32(6), new Uint8Array(6), txxx(3, 'x', both)), 0x40),
    ],
    ['MP3, comment', 'mp3', media.mp3(3, media.id3Frame(3, 'COMM', media.join([3], 'eng', [0], utf8(both))))],
    ['Opus', 'ogg', media.ogg(opus(texts))],
    [
      'Vorbis',
      'ogg',
      media.ogg([
        media.join('\x01vorbis', new Uint8Array(23)),
        media.join('\x03vorbis', media.vorbisComment({ Comment: both })),
      ]),
    ],
    ['SVG', 'svg', utf8(`<?xml version="1.0"?><svg><metadata>\n<![CDATA[\n${both}\n]]></metadata><path/></svg>`)],
    ['GLB', 'glb', media.glb({ asset: { version: '2.0', extras: texts } })],
    [
      'safetensors',
      'safetensors',
      media.safetensors({ __metadata__: texts, x: { dtype: 'F32', shape: [4], data_offsets: [0, 16] } }),
    ],
    ['JSON', 'json', utf8(both)],
    ['JSON in UTF-16', 'json', media.join([0xff, 0xfe], Buffer.from(both, 'utf16le'))],
  ])('B351 is found: %s', async (_name, source, bytes) => {
    expect(await read(bytes)).toEqual(whole(source));
  });

  it('B351 is found in a tag whose every 255 was followed by a zero', async () => {
    const text = media.join([1, 0xff, 0xfe], Buffer.from('x\0', 'utf16le'), [0xff, 0xfe], Buffer.from(both, 'utf16le'));
    const stuffed = Buffer.from([...text].flatMap((byte) => (byte === 0xff ? [byte, 0] : [byte])));
    // A zero that belongs to the text after a 255 would need one more; this text has none.
    expect(await read(media.mp3(4, media.id3Frame(4, 'TXXX', stuffed, 2)))).toEqual(whole('mp3'));
    expect(await read(media.mp3(3, media.id3Frame(3, 'TXXX', text), 0x80))).toEqual(whole('mp3'));
  });

  it('B351 is found by content, whatever the file is called', async () => {
    const source = { ...media.memorySource(media.flac(media.vorbisComment(texts))), name: 'picture.png' };
    expect(await readWorkflowFile(source)).toMatchObject({ ok: true, found: { source: 'flac' } });
  });

  it('B351 under ComfyUI’s own names comes before what other programs wrote', async () => {
    const foreign = JSON.stringify({ workflow: { nodes: [{ id: 9, type: 'Other' }], links: [] } });
    const bytes = media.png(media.pngText('Comment', foreign), media.pngText('workflow', workflow));
    expect(await read(bytes)).toEqual({ ...whole('png'), prompt: null });
  });

  it('B352 is shown with a note where a part of the file cannot be read', async () => {
    const broken = media.pngChunk('zTXt', media.join('prompt', [0, 0], [1, 2, 3, 4]));
    expect(await read(media.png(broken, media.pngText('workflow', workflow)))).toEqual({
      ...whole('png'),
      prompt: null,
      notes: ['“prompt” is damaged or too large when unpacked, and was not read.'],
    });
    const cut = media.png(media.pngText('workflow', workflow), media.pngText('prompt', prompt));
    expect(await read(cut.subarray(0, cut.length - 90))).toMatchObject({
      editor: 1,
      notes: ['The file is cut off: its end is missing.'],
    });
    const half = media.png(media.pngText('workflow', workflow), media.pngText('prompt', prompt.slice(0, 30)));
    expect(await read(half)).toMatchObject({
      notes: ['“prompt” in the file cannot be read. The JSON is cut off: its end is missing.'],
    });
  });
});

describe('a file without a workflow', () => {
  const parameters = 'a cat\nNegative prompt: dog\nSteps: 20, Sampler: Euler a, CFG scale: 7';
  it.each<[string, Uint8Array, RegExp]>([
    ['an empty file', media.join(), /^The file is empty\./],
    ['a bare PNG', media.png(), /^This PNG file carries no workflow\. Either ComfyUI did not make it/],
    [
      'a PNG with other texts',
      media.png(media.pngText('Title', 'x'), media.pngText('Author', 'y')),
      /carries no workflow, only “title”, “author”\./,
    ],
    [
      'a PNG of A1111',
      media.png(media.pngText('parameters', parameters)),
      /made by A1111, Forge or a program like them/,
    ],
    ['a JPEG of A1111', media.jpeg(app1(media.exif([comment('UNICODE\0', utf16be(parameters))]))), /made by A1111/],
    ['a PNG of SwarmUI', media.png(media.pngText('parameters', '{"sui_image_params": {}}')), /made by SwarmUI/],
    ['a PNG of InvokeAI', media.png(media.pngText('invokeai_metadata', '{}')), /made by InvokeAI/],
    ['a PNG of NovelAI', media.png(media.pngText('Software', 'NovelAI')), /made by NovelAI/],
    [
      'half a PNG',
      media.png(media.pngText('workflow', workflow)).subarray(0, 60),
      /in this PNG file\. The file is cut off/,
    ],
    ['a PNG of noise', media.join('\x89PNG\r\n\x1a\n', new Uint8Array(50)), /The file is damaged: its list of chunks/],
    ['a bare JPEG', media.jpeg(), /^This JPEG file carries no workflow/],
    ['a bare MP4', media.mp4(media.box('mvhd')), /^This MP4 or MOV file carries no workflow/],
    ['half an MP4', media.mp4(media.box('mvhd')).subarray(0, 60), /in this MP4 or MOV file\. The file is cut off/],
    ['a bare MP3', media.join([0xff, 0xfb, 0x90, 0], new Uint8Array(100)), /^This MP3 file carries no workflow/],
    ['a bare SVG', utf8('<svg xmlns="x"><path/></svg>'), /^This SVG file carries no workflow/],
    ['a model', media.safetensors({ x: {} }), /^This safetensors file carries no workflow/],
    ['a ZIP', media.join('PK\x03\x04', new Uint8Array(30)), /^This file is a ZIP archive: unpack it/],
    ['a GIF', media.join('GIF89a', new Uint8Array(30)), /^This file is a GIF picture, which ComfyUI saves without/],
    ['a WAV', media.join('RIFF', media.u32(30), 'WAVE', new Uint8Array(30)), /^This file is a WAV sound/],
    ['a PDF', utf8('%PDF-1.7'), /^This file is a PDF/],
    ['bytes of no kind', media.join([7, 0, 255, 3]), /^This file is of a kind that Podium does not know/],
    ['text', utf8('hello'), /^This is not JSON\./],
  ])('B355 is named: %s', async (_name, bytes, sentence) => {
    const message = await read(bytes);
    expect(message).toMatch(sentence);
    expect(message).toMatch(/Podium takes a workflow as/);
  });

  it('B355 is told from one that cannot be read at all', async () => {
    const away = { size: 100, read: () => Promise.reject(new Error('EIO')) };
    expect(await readWorkflowFile(away)).toMatchObject({
      ok: false,
      message: expect.stringMatching(/^The file cannot be read/),
    });
  });
});

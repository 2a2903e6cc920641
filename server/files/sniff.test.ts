import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { HEAD_BYTES, sniff } from './sniff.ts';

const of = (content: Uint8Array | string, filename: string) => {
  const bytes = Buffer.from(content);
  return sniff(bytes.subarray(0, HEAD_BYTES), bytes.byteLength, filename);
};
const picture = () => sharp({ create: { width: 8, height: 8, channels: 3, background: 'teal' } });
const box = (brand: string) =>
  Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from(`ftyp${brand}`), Buffer.alloc(12)]);
const binaryStl = (triangles: number) => {
  const file = Buffer.alloc(84 + 50 * triangles);
  file.writeUInt32LE(triangles, 80);
  return file;
};
const wav = Buffer.concat([Buffer.from('RIFF\0\0\0\0WAVEfmt '), Buffer.alloc(40)]);
const glb = Buffer.concat([Buffer.from('glTF'), Buffer.from([2, 0, 0, 0, 20, 0, 0, 0]), Buffer.alloc(8)]);

describe('sniff', () => {
  it.each(['png', 'jpeg', 'webp', 'gif', 'avif', 'tiff'] as const)('B19 knows a %s by its content', async (format) => {
    const content = await picture().toFormat(format).toBuffer();
    expect(await of(content, 'evil.html')).toEqual({ contentType: `image/${format}`, kind: 'image' });
  });

  it.each([
    ['video', 'video/mp4', 'a.mp4', box('isom')],
    [
      'video',
      'video/webm',
      'a.webm',
      Buffer.concat([Buffer.from('1a45dfa3', 'hex'), Buffer.from('9f4282847765626d', 'hex')]),
    ],
    ['audio', 'audio/wav', 'a.wav', wav],
    ['audio', 'audio/flac', 'a.flac', Buffer.concat([Buffer.from('fLaC'), Buffer.alloc(38)])],
    ['audio', 'audio/mp4', 'a.m4a', box('M4A ')],
    ['model', 'model/gltf-binary', 'a.glb', glb],
    ['model', 'model/gltf+json', 'a.gltf', '{"asset": {"version": "2.0"}, "scenes": []}'],
    ['model', 'model/obj', 'a.obj', '# cube\no c\nv 1.0 -1.0 0.5\nv 1 1 1\nf 1 2 3\n'],
    ['model', 'model/stl', 'a.stl', 'solid cube\n facet normal 0 0 1\n'],
    ['model', 'model/stl', 'b.stl', binaryStl(3)],
    ['model', 'model/ply', 'a.ply', 'ply\nformat ascii 1.0\n'],
    ['text', 'text/plain', 'a.txt', 'Grüße, 日本 🦊\n\tline two\r\n'],
    ['text', 'text/plain', 'a.obj', 'v for vendetta\n'],
    ['file', 'application/octet-stream', 'a.bin', Buffer.from([0, 1, 2, 255, 254])],
    ['file', 'application/octet-stream', 'a.txt', ''],
    ['file', 'application/octet-stream', 'a.txt', 'text with a \0 in it'],
    ['file', 'application/octet-stream', 'a.png', Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3', 'latin1')],
    ['file', 'application/octet-stream', 'a.zip', Buffer.from('504b0304140000000000', 'hex')],
  ])('B19 takes for %s (%s) what %s holds', async (kind, contentType, filename, content) => {
    expect(await of(content, filename)).toEqual({ contentType, kind });
  });

  it.each([
    ['HTML named as a picture', 'x.png', '<!DOCTYPE html><script>alert(1)</script>'],
    ['SVG', 'x.svg', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
    ['SVG behind an XML head', 'x.png', '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>'],
    ['JavaScript', 'x.js', 'fetch("/api/jobs")'],
    ['XHTML', 'x.xhtml', '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script/></html>'],
    ['a Flash film', 'x.swf', Buffer.concat([Buffer.from('FWS\x09'), Buffer.alloc(20)])],
  ])('B19 gives %s no type that runs', async (_what, filename, content) => {
    expect((await of(content, filename)).contentType).toMatch(/^(text\/plain|application\/octet-stream)$/);
  });

  it('B19 does not take a long text for binary because its beginning ends within a character', async () => {
    expect(await of(`x${'€'.repeat(HEAD_BYTES)}`, 'long.txt')).toEqual({ contentType: 'text/plain', kind: 'text' });
  });
});

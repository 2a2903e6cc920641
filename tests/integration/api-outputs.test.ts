import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRange } from '../../server/http/output-response.ts';
import { openTestFront, type TestFront } from '../support/open-test-front.ts';
import { waitUntil } from '../support/wait-until.ts';

const PICTURE = Buffer.from('0123456789');
const SCRIPT = '<script>alert(1)</script>';

let front: TestFront;
let url: (index: number) => string;
beforeAll(async () => {
  front = await openTestFront();
  const file = (filename: string, contentType: string, text: string) => ({
    filename,
    contentType,
    bytes: Buffer.from(text),
  });
  const job = front.desk.finished('files', [
    { filename: 'a picture – 1.png', contentType: 'image/png', bytes: PICTURE },
    file('page.html', 'text/html', SCRIPT),
    file('drawing.svg', 'image/svg+xml', SCRIPT),
    file('notes.txt', 'text/plain', SCRIPT),
    file('x.xhtml', 'application/xhtml+xml', SCRIPT),
    file('"; filename=evil.html\r\nx: y', 'application/octet-stream', SCRIPT),
  ]);
  url = (index) => `/api/jobs/${job.id}/outputs/${index}`;
});
afterAll(() => front.close());

describe('a file', () => {
  it('B126 is answered whole, with its length, type and a tag that never changes', async () => {
    const answer = await front.send(url(0));
    expect([answer.status, answer.body]).toEqual([200, PICTURE.toString()]);
    expect(answer.headers).toMatchObject({
      'content-type': 'image/png',
      'content-length': '10',
      'accept-ranges': 'bytes',
      'cache-control': 'private, max-age=31536000, immutable',
    });
    expect(answer.headers['etag']).toMatch(/^"[^"]+"$/);
  });

  it.each([
    ['bytes=0-3', 206, '0123', 'bytes 0-3/10'],
    ['bytes=4-', 206, '456789', 'bytes 4-9/10'],
    ['bytes=-2', 206, '89', 'bytes 8-9/10'],
    ['bytes=-99', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=8-99', 206, '89', 'bytes 8-9/10'],
    ['bytes=10-', 416, '', 'bytes */10'],
    ['bytes=-0', 416, '', 'bytes */10'],
    ['bytes=0-1,4-5', 200, '0123456789', undefined],
    ['lines=0-3', 200, '0123456789', undefined],
  ])('B126 Range: %s answers %i', async (range, status, body, contentRange) => {
    const answer = await front.send(url(0), { headers: { range } });
    expect([answer.status, answer.body, answer.headers['content-range']]).toEqual([status, body, contentRange]);
    if (status !== 416) expect(answer.headers['content-length']).toBe(String(body.length));
  });

  it('B126 a range of an older copy is answered with the whole file', async () => {
    const etag = String((await front.send(url(0))).headers['etag']);
    const part = (ifRange: string) => front.send(url(0), { headers: { range: 'bytes=0-3', 'if-range': ifRange } });
    expect([(await part(etag)).status, (await part('"other"')).status]).toEqual([206, 200]);
  });

  it('B126 HEAD answers the same headers and no body', async () => {
    const [get, head] = [await front.send(url(0)), await front.send(url(0), { method: 'HEAD' })];
    expect([head.status, head.body]).toEqual([200, '']);
    for (const name of ['content-type', 'content-length', 'etag', 'content-disposition', 'content-security-policy'])
      expect([name, head.headers[name]]).toEqual([name, get.headers[name]]);
  });

  it('B126 a file is closed after HEAD, and when a download is broken off', async () => {
    const film = front.desk.finished('film', [
      { filename: 'a.mp4', contentType: 'video/mp4', bytes: Buffer.alloc(32 * 1024 * 1024) },
    ]);
    const path = `/api/jobs/${film.id}/outputs/0`;
    const newest = () => front.desk.opened.at(-1);
    await front.send(path, { method: 'HEAD' });
    expect(newest()?.destroyed).toBe(true);
    const line = connect(front.port, '127.0.0.1');
    line.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${front.port}\r\n\r\n`);
    await new Promise((resolve) => line.once('data', resolve));
    expect(newest()?.destroyed).toBe(false);
    line.destroy();
    await waitUntil(() => newest()?.destroyed, 'the file is closed');
    expect(front.errors).toEqual([]);
  });

  it('B126 a copy that the browser has is not sent again, and keeps its guard', async () => {
    const { etag } = (await front.send(url(0))).headers;
    for (const tag of [String(etag), `W/${String(etag)}`, `"x", ${String(etag)}`, '*']) {
      const answer = await front.send(url(0), { headers: { 'if-none-match': tag } });
      expect([tag, answer.status, answer.body]).toEqual([tag, 304, '']);
      expect(answer.headers['content-security-policy']).toContain('sandbox');
    }
    const small = await front.send(`${url(0)}/thumbnail`);
    expect([small.status, small.headers['content-type']]).toEqual([200, 'image/webp']);
    const headers = { 'if-none-match': String(small.headers['etag']) };
    expect((await front.send(`${url(0)}/thumbnail`, { headers })).status).toBe(304);
  });

  it('B126 what is not there is 404, what is no number 400', async () => {
    expect((await front.send(url(99))).json['code']).toBe('output_not_found');
    for (const index of ['-1', 'x', '1.5', '0x1', '1e1'])
      expect([index, (await front.send(url(0).replace(/0$/, index))).json['code']]).toEqual([index, 'invalid_request']);
    expect((await front.send(url(0).replace(/0$/, ''))).json['code']).toBe('not_found');
  });
});

describe('a file that could run something', () => {
  it.each([1, 2, 4, 5])('B127 output %i is only ever downloaded', async (index) => {
    const { headers } = await front.send(url(index));
    expect(headers['content-type']).toBe('application/octet-stream');
    expect(String(headers['content-disposition'])).toMatch(/^attachment; filename\*=UTF-8''[A-Za-z0-9%._~!()'*-]+$/);
  });

  it('B127 every output is sandboxed, loads nothing, and is what it says', async () => {
    for (const index of [0, 1, 2, 3, 4, 5]) {
      const { headers } = await front.send(url(index));
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['content-security-policy']).toMatch(/^sandbox; default-src 'none'/);
      expect(headers['content-security-policy']).not.toMatch(/script|allow-/);
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    }
  });

  it('B127 pictures and plain text are shown in place, and downloaded on demand', async () => {
    const shown = (path: string) => front.send(path).then(({ headers }) => String(headers['content-disposition']));
    expect(await shown(url(0))).toBe("inline; filename*=UTF-8''a%20picture%20%E2%80%93%201.png");
    expect(await shown(`${url(0)}?download=1`)).toMatch(/^attachment; /);
    expect((await front.send(url(3))).headers['content-type']).toBe('text/plain; charset=utf-8');
  });
});

it('B126 ranges of an empty file are unsatisfiable', () => {
  expect(parseRange('bytes=0-', 0)).toBe('unsatisfiable');
  expect(parseRange(undefined, 0)).toBeUndefined();
});

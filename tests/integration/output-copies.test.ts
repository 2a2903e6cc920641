import { createHash, randomBytes, randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobOutput } from '../../lib/jobs/job.ts';
import { ComfyUIPodClient } from '../../server/comfy/pod-client.ts';
import type { OutputSource } from '../../server/jobs/output-store.ts';
import { createFileOutputStore, type FileOutputStore } from '../../server/outputs/file-output-store.ts';
import { ViewServer } from '../support/view-server.ts';
import { waitUntil } from '../support/wait-until.ts';

const MB = 1024 * 1024;
const FILE = { nodeId: '9', kind: 'file', filename: 'a.bin', subfolder: '', type: 'output' } as const;

describe('copies of a pod’s results', () => {
  let root: string;
  let dir: string;
  let store: FileOutputStore;
  let pod: ViewServer;
  let client: ComfyUIPodClient;
  let place: { jobId: string; attempt: number; index: number };
  const content = randomBytes(3 * MB);

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'podium-outputs-'));
    dir = join(root, 'outputs');
    store = createFileOutputStore({ dir, maxBytes: 4 * MB });
    pod = await new ViewServer(content).listen();
    client = new ComfyUIPodClient({ baseUrl: pod.url });
    place = { jobId: randomUUID(), attempt: 1, index: 0 };
  });
  afterEach(async () => {
    await client.stop();
    await pod.close();
    rmSync(root, { recursive: true, force: true });
  });

  const source = (filename: string = FILE.filename): OutputSource => ({
    output: { ...FILE, filename },
    nodeName: 'Save Image',
    open: (offset) => client.openOutput({ ...FILE, filename }, offset),
  });
  const never = new AbortController().signal;
  const copy = (filename?: string) => store.copy(place, source(filename), never);
  const age = (path: string, minutes: number) => {
    const longAgo = new Date(Date.now() - minutes * 60_000);
    utimesSync(path, longAgo, longAgo);
  };
  const names = () => (existsSync(join(dir, place.jobId)) ? readdirSync(join(dir, place.jobId)).toSorted() : []);
  const read = async (output: JobOutput, range?: { start: number; end: number }) => {
    const opened = await store.open(place.jobId, output, range);
    return opened && buffer(opened.body);
  };

  it('B18 copies a file whole, with its length and hash', async () => {
    const output = await copy();
    expect(output).toEqual({
      index: 0,
      nodeId: '9',
      nodeName: 'Save Image',
      kind: 'file',
      filename: 'a.bin',
      contentType: 'application/octet-stream',
      bytes: content.byteLength,
      sha256: createHash('sha256').update(content).digest('hex'),
    });
    expect((await read(output))?.equals(content)).toBe(true);
    expect(await read(output, { start: 10, end: 19 })).toEqual(content.subarray(10, 20));
    expect(names()).toEqual(['1-0.bin', '1-0.json']);
  });

  it('B18 asks the pod once for one output, however often and in how many processes it is copied', async () => {
    const [first, second] = await Promise.all([copy(), copy()]);
    const other = createFileOutputStore({ dir, maxBytes: 4 * MB });
    expect([second, await other.copy(place, source(), never)]).toEqual([first, first]);
    expect(pod.ranges).toHaveLength(1);
  });

  it('B18 goes on where a cut download stopped, within one call', async () => {
    pod.answers = [{ cutAfter: MB }, { cutAfter: MB }];
    const output = await copy();
    expect((await read(output))?.equals(content)).toBe(true);
    expect(pod.ranges[0]).toBeUndefined();
    expect(pod.ranges.slice(1).every((range) => /^bytes=[1-9]\d*-$/.test(range ?? ''))).toBe(true);
  });

  it('B18 starts again where the pod ignores the range', async () => {
    pod.answers = [{ cutAfter: MB }, { ignoreRange: true }];
    const output = await copy();
    expect((await read(output))?.equals(content)).toBe(true);
    expect(pod.ranges).toHaveLength(2);
  });

  it('B18 starts again where the pod’s file is now shorter than what is here', async () => {
    pod.answers = [{ cutAfter: 2 * MB }, { status: 502 }];
    await expect(copy()).rejects.toMatchObject({ code: 'pod_call_failed' });
    pod.content = content.subarray(0, 1000);
    const output = await copy();
    expect((await read(output))?.equals(pod.content)).toBe(true);
  });

  it('B18 refuses a part of the file that was not asked for', async () => {
    pod.answers = [{ from: 1000 }];
    await expect(copy()).rejects.toMatchObject({ code: 'pod_call_failed', kind: 'bad_answer' });
    expect(names()).toEqual([]);
    expect((await read(await copy()))?.equals(content)).toBe(true);
  });

  it('B18 says that the pod cannot be reached when nothing more comes, and goes on at the next try', async () => {
    pod.answers = [{ cutAfter: MB }, { cutAfter: 0 }];
    await expect(copy()).rejects.toMatchObject({ code: 'pod_call_failed', retryable: true });
    expect(names()).toEqual(['1-0.part']);
    const kept = statSync(join(dir, place.jobId, '1-0.part')).size;
    pod.answers = [];
    const output = await copy();
    expect(pod.ranges.at(-1)).toBe(`bytes=${kept}-`);
    expect((await read(output))?.equals(content)).toBe(true);
  });

  it('B18 goes on in another process with what an abort left', async () => {
    pod.answers = [{ stallAfter: MB }];
    const stop = new AbortController();
    const copying = store.copy(place, source(), stop.signal);
    await waitUntil(() => names().includes('1-0.part') && sizeOfPart() >= MB, 'a megabyte is here');
    stop.abort(new Error('stopping'));
    await expect(copying).rejects.toThrow('stopping');
    expect(names()).toEqual(['1-0.part']);
    const output = await createFileOutputStore({ dir, maxBytes: 4 * MB }).copy(place, source(), never);
    expect(pod.ranges.at(-1)).toBe(`bytes=${MB}-`);
    expect((await read(output))?.equals(content)).toBe(true);
    await expect(store.copy({ ...place, index: 1 }, source(), stop.signal)).rejects.toThrow('stopping');
  });
  const sizeOfPart = () => statSync(join(dir, place.jobId, '1-0.part')).size;

  it('B18 finishes a download whose last step a crash took', async () => {
    const output = await copy();
    rmSync(join(dir, place.jobId, '1-0.json'));
    expect(await store.open(place.jobId, output)).toBeUndefined();
    expect(await copy()).toEqual(output);
    rmSync(join(dir, place.jobId, '1-0.json'));
    rmSync(join(dir, place.jobId, '1-0.bin'));
    writeFileSync(join(dir, place.jobId, '1-0.part'), content);
    expect(await copy()).toEqual(output);
    expect(pod.ranges.at(-1)).toBe(`bytes=${content.byteLength}-`);
  });

  it.each([
    ['announced', { chunked: false }],
    ['not announced', { chunked: true }],
  ])('B18 refuses a file above the limit, %s, and leaves nothing behind', async (_what, answer) => {
    pod.content = randomBytes(4 * MB + 1);
    pod.answers = [answer];
    await expect(copy()).rejects.toMatchObject({
      code: 'output_refused',
      message: expect.stringContaining('OUTPUT_MAX_BYTES'),
    });
    expect(names()).toEqual([]);
    pod.content = randomBytes(4 * MB);
    expect((await copy()).bytes).toBe(4 * MB);
  });

  it('B18 refuses a body that is longer than announced', async () => {
    const lying: OutputSource = {
      ...source(),
      open: () => Promise.resolve({ body: Readable.from([Buffer.alloc(10), Buffer.alloc(10)]), length: 15, offset: 0 }),
    };
    await expect(store.copy(place, lying, never)).rejects.toMatchObject({ kind: 'bad_answer' });
    expect(names()).toEqual([]);
  });

  it('B18 does not take a body that ends early, without an error, for whole', async () => {
    const asked: number[] = [];
    const short: OutputSource = {
      ...source(),
      open: (offset) => {
        asked.push(offset);
        const body = Readable.from([content.subarray(offset, asked.length === 1 ? 500 : 1000)]);
        return Promise.resolve({ body, length: 1000 - offset, offset });
      },
    };
    const output = await store.copy(place, short, never);
    expect(asked).toEqual([0, 500]);
    expect(await read(output)).toEqual(content.subarray(0, 1000));
  });

  it('B18 copies again what is no longer whole on disk', async () => {
    const output = await copy();
    truncateSync(join(dir, place.jobId, '1-0.bin'), 100);
    expect(await store.open(place.jobId, output)).toBeUndefined();
    expect(await copy()).toEqual(output);
    expect((await read(output))?.equals(content)).toBe(true);
  });

  it('B18 passes on what the pod says when it has no such file, and leaves nothing behind', async () => {
    pod.answers = [{ status: 404 }];
    await expect(copy()).rejects.toMatchObject({ code: 'pod_call_failed', kind: 'not_found' });
    expect(names()).toEqual([]);
  });

  it('B18 drops what earlier attempts left when a further one copies', async () => {
    const first = await copy();
    pod.answers = [{ cutAfter: MB }, { cutAfter: 0 }];
    await expect(store.copy({ ...place, index: 1 }, source(), never)).rejects.toMatchObject({ retryable: true });
    expect(names()).toEqual(['1-0.bin', '1-0.json', '1-1.part']);
    place = { ...place, attempt: 2 };
    pod.content = Buffer.from('another result');
    const second = await copy();
    expect(names()).toEqual(['2-0.bin', '2-0.json']);
    expect(await read(second)).toEqual(pod.content);
    expect(await store.open(place.jobId, first)).toBeUndefined();
  });

  it('B18 removes all of one job and nothing of another', async () => {
    const output = await copy();
    const other = { ...place, jobId: randomUUID() };
    const kept = await store.copy(other, source(), never);
    await store.remove(place.jobId);
    await store.remove(place.jobId);
    expect(readdirSync(dir)).toEqual([other.jobId]);
    expect(await store.open(place.jobId, output)).toBeUndefined();
    expect(await store.open(other.jobId, kept)).toBeDefined();
  });

  it.each([
    { when: 'at a start', begin: () => store.cleanUp() },
    { when: 'beside the first copy', begin: copy },
  ])('B232 deletes half-written files that nobody has gone on with for an hour, $when', async ({ begin }) => {
    const [old, young] = [randomUUID(), randomUUID()].map((id) => join(dir, id, '1-0.part'));
    for (const path of [old, young]) {
      mkdirSync(dirname(path ?? ''), { recursive: true });
      writeFileSync(path ?? '', 'begun');
    }
    age(old ?? '', 61);
    age(young ?? '', 59);
    await begin();
    await waitUntil(() => !existsSync(old ?? ''), 'the old download is gone');
    expect(existsSync(young ?? '')).toBe(true);
  });

  it('B232 keeps an old file that is gone on with just now', async () => {
    pod.answers = [{ stallAfter: MB }];
    const stop = new AbortController();
    const copying = store.copy(place, source(), stop.signal).catch(() => undefined);
    await waitUntil(() => names().includes('1-0.part') && sizeOfPart() >= MB, 'a megabyte is here');
    stop.abort();
    await copying;
    age(join(dir, place.jobId, '1-0.part'), 120);
    const again = copy();
    await store.cleanUp();
    expect((await again).bytes).toBe(content.length);
  });

  it('B232 has nothing to clean where nothing was ever copied', async () => {
    await store.cleanUp();
    expect(existsSync(dir)).toBe(false);
  });

  it('B19 keeps a text as a file, inline up to 10,000 characters', async () => {
    const text = { nodeId: '4', kind: 'text', text: `Grüße ${'ä'.repeat(9994)}` } as const;
    const given = { nodeName: 'Show/../Text', open: () => Promise.reject(new Error('a text is not opened')) };
    const short = await store.copy(place, { ...given, output: text }, never);
    expect(short).toMatchObject({ kind: 'text', contentType: 'text/plain', filename: 'Text-0.txt', text: text.text });
    expect((await read(short))?.toString()).toBe(text.text);
    place = { ...place, index: 1 };
    const long = await store.copy(place, { ...given, output: { ...text, text: `${text.text}!` } }, never);
    expect(long.text).toBeUndefined();
    expect((await read(long))?.toString()).toBe(`${text.text}!`);
  });

  it.each([
    '../../../escape.bin',
    '/tmp/escape.bin',
    '..\\..\\escape.bin',
    'CON',
    '',
    '\0',
    'a'.repeat(300),
    '1-0.json',
  ])('B19 writes nothing outside the job’s folder for a file called %j', async (filename) => {
    const opened: OutputSource = { ...source(), output: { ...FILE, filename } };
    const output = await store.copy(place, opened, never);
    expect(names()).toEqual(['1-0.bin', '1-0.json']);
    expect(readdirSync(root)).toEqual(['outputs']);
    expect(readdirSync(dir)).toEqual([place.jobId]);
    expect(output.filename).not.toMatch(/[/\\\0]/);
  });

  it.each(['../escape', '..', '', 'not-a-uuid'])('B19 refuses the job id %j', async (jobId) => {
    await expect(store.copy({ ...place, jobId }, source(), never)).rejects.toThrow('UUID');
    await expect(store.remove(jobId)).rejects.toThrow('UUID');
    expect(readdirSync(root)).toEqual([]);
  });
});

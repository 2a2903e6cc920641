import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Upload } from '../../lib/protocol/uploads.ts';
import { promptSchema } from '../../lib/workflow/prompt.ts';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { createFileUploadStore } from '../../server/uploads/file-upload-store.ts';
import type { UploadStore } from '../../server/jobs/uploads/upload-store.ts';
import { CrashProcess } from '../support/crash-process.ts';
import { openTestDesk, type TestDesk } from '../support/open-test-desk.ts';
import { loadPrompt } from '../support/prompts.ts';
import { waitUntil } from '../support/wait-until.ts';

let colour = 0;
/** A picture unlike any before. */
const picture = () => {
  colour += 1;
  const background = { r: colour % 256, g: Math.floor(colour / 256), b: 77 };
  return sharp({ create: { width: 16, height: 16, channels: 3, background } })
    .png()
    .toBuffer();
};
async function uploaded(store: UploadStore, bytes: Buffer, name = 'cat.png'): Promise<Upload> {
  const hash = createHash('sha256').update(bytes).digest('hex');
  const part = { start: 0, total: bytes.byteLength, name, body: Readable.from([bytes]) };
  const { upload } = await store.put(hash, part);
  if (!upload) throw new Error('The upload is not whole');
  return upload;
}
const sentTo = (pod: DemoPod) => pod.control.requests.filter(({ path }) => path === '/upload/image').length;
const posted = z.object({ prompt: promptSchema });
/** What the newest prompt posted to the pod names as its picture. */
const imageAt = (pod: DemoPod) => posted.parse(pod.control.posts.at(-1)?.body).prompt['1']?.inputs['image'];
const anyUpload = { method: 'POST', path: '/upload/image' };

describe('uploads on their way to pods', () => {
  let pods: DemoPod[];
  let test: TestDesk;
  const first = () => pods[0] as DemoPod;
  const upload = async (name?: string) => uploaded(test.desk.uploads, await picture(), name);

  beforeEach(async () => {
    pods = [await createDemoPod({ stepMs: 5 }), await createDemoPod({ stepMs: 5 })];
    test = await openTestDesk({ one: pods[0]?.url ?? '', two: pods[1]?.url ?? '' });
    await test.podState('one', 'up');
    await test.podState('two', 'up');
  });
  afterEach(async () => {
    await test.close();
    await Promise.all(pods.map((pod) => pod.close()));
  });
  const run = async (ref: string, pod = 'one') => {
    const { id } = await test.submit(loadPrompt(ref), { pod });
    return test.reaches(id, 'succeeded', 30_000);
  };

  it('B401 sends a file once to each pod that needs it, however many jobs name it', async () => {
    const { ref } = await upload();
    const jobs = await Promise.all([run(ref), run(ref), run(ref, 'two'), run(ref), run(ref, 'two')]);
    expect(pods.map(sentTo)).toEqual([1, 1]);
    expect(imageAt(first())).toBe(ref);
    const told = jobs.flatMap(({ timeline }) => timeline.filter(({ kind }) => kind === 'files_sent'));
    expect(told.map(({ detail }) => detail)).toEqual(Array(2).fill(expect.stringMatching(/^“cat\.png” \(\d+ bytes\)/)));
  });

  it('B401 does not send what the pod has from before, after a restart of Podium too', async () => {
    const { ref } = await upload();
    await run(ref);
    await test.restart();
    await test.podState('one', 'up');
    await run(ref);
    expect(sentTo(first())).toBe(1);
  });

  it('B401 names a file as the pod does, where other bytes lie there under our name', async () => {
    const { ref } = await upload();
    const form = new FormData();
    form.set('image', new File(['half a picture'], ref));
    await fetch(`${first().url}/upload/image`, { method: 'POST', body: form });
    await run(ref);
    expect(imageAt(first())).toBe(ref.replace('.png', ' (1).png'));
  });

  it.each([
    ['again after a restart that emptied its disk', false, 2],
    ['only once where the restart left its disk', true, 1],
  ])('B401 sends a file to a pod %s', async (_what, keepDisk, times) => {
    const { ref } = await upload();
    await run(ref);
    await first().control.restart({ downMs: 200, keepDisk });
    await test.podState('one', 'up');
    await run(ref);
    expect(sentTo(first())).toBe(times);
  });

  it('B401 looks again where the pod refuses a prompt whose files were only remembered', async () => {
    const { ref } = await upload();
    await run(ref);
    first().control.wipeInputs();
    const job = await run(ref);
    expect(sentTo(first())).toBe(2);
    expect(job.attempts).toHaveLength(1);
  });

  it('B402 tries later where the connection breaks while a file is sent', async () => {
    const { ref } = await upload();
    const end = first().control.fault(anyUpload, { kind: 'reset' });
    const { id } = await test.submit(loadPrompt(ref), { pod: 'one' });
    await waitUntil(() => sentTo(first()) === 1, 'the pod is sent the file');
    end();
    const job = await test.reaches(id, 'succeeded', 30_000);
    expect(job.attempts.map(({ error }) => error?.code)).toEqual(['submission_cut', undefined]);
    expect(first().control.posts).toHaveLength(1);
  });

  it('B402 uses up no attempt where the pod cannot be asked what it has', async () => {
    const { ref } = await upload();
    const end = first().control.fault({ path: '/view' }, { kind: 'status', status: 502 });
    const { id } = await test.submit(loadPrompt(ref), { pod: 'one' });
    await waitUntil(
      async () => (await test.job(id)).timeline.some(({ kind }) => kind === 'not_sent'),
      'the timeline says so',
    );
    end();
    const job = await test.reaches(id, 'succeeded', 30_000);
    expect(job.attempts).toHaveLength(1);
  });

  it('B402 fails a job in a sentence that names the file, where no pod takes it', async () => {
    const { ref } = await upload('holiday film.png');
    const body = 'Maximum request body size 104857600 exceeded.';
    for (const pod of pods)
      pod.control.fault(anyUpload, { kind: 'status', status: 413, body, contentType: 'text/plain' });
    const { id } = await test.submit(loadPrompt(ref));
    const { error } = await test.reaches(id, 'failed');
    expect(error).toMatchObject({ code: 'upload_refused', subject: 'holiday film.png' });
    expect(error?.message).toMatch(
      /does not take the file “holiday film\.png” of \d+ bytes \(413; its limit is 100 MiB\)/,
    );
    expect(pods.map((pod) => pod.control.posts.length)).toEqual([0, 0]);
  });

  it('B402 goes to another pod where the first does not take the file', async () => {
    const { ref } = await upload();
    first().control.fault(anyUpload, { kind: 'status', status: 413 });
    const { id } = await test.submit(loadPrompt(ref));
    expect((await test.reaches(id, 'succeeded', 30_000)).podId).toBe('two');
  });

  it('B402 obeys a wish to cancel while a file is being sent, and posts nothing', async () => {
    const { ref } = await upload();
    first().control.fault(anyUpload, { kind: 'hang' });
    const { id } = await test.submit(loadPrompt(ref), { pod: 'one' });
    await waitUntil(() => sentTo(first()) === 1, 'the pod is sent the file');
    await test.desk.service.cancel(id);
    await test.reaches(id, 'cancelled');
    expect(first().control.posts).toEqual([]);
  });

  it('B402 says of a file that is gone what to do about it', async () => {
    const { ref } = await upload();
    await test.desk.system.pause();
    const { id } = await test.submit(loadPrompt(ref));
    rmSync(join(test.dataDir, 'uploads'), { recursive: true });
    await test.desk.system.resume();
    const { error } = await test.reaches(id, 'failed');
    expect(error).toMatchObject({ code: 'upload_missing', nextStep: expect.stringContaining('Upload the file again') });
    expect(error?.message).toContain('DATA_DIR');
  });
});

describe('kill -9 between the upload and the prompt', () => {
  it('B402 sends the file once and runs the job once', async () => {
    const pod = await createDemoPod({ stepMs: 5 });
    const dataDir = mkdtempSync(join(tmpdir(), 'podium-crash-'));
    const processes: CrashProcess[] = [];
    try {
      const store = createFileUploadStore({ dir: join(dataDir, 'uploads'), maxBytes: 1e6, keepMs: 1e9 });
      const { ref } = await uploaded(store, await picture());
      const dies = new CrashProcess(dataDir, pod.url, 'inputs-there');
      processes.push(dies);
      await dies.ready();
      dies.submit(loadPrompt(ref));
      expect(await dies.exited).toBe('SIGKILL');
      expect([sentTo(pod), pod.control.posts.length]).toEqual([1, 0]);
      const second = new CrashProcess(dataDir, pod.url);
      processes.push(second);
      await second.saw((event) => event.state === 'succeeded', 'the job succeeds', 40_000);
      expect([sentTo(pod), pod.control.posts.length, pod.control.runs.length]).toEqual([1, 1, 1]);
    } finally {
      await Promise.all(processes.map((process) => process.kill()));
      await pod.close();
      rmSync(dataDir, { recursive: true, force: true });
    }
  }, 90_000);
});

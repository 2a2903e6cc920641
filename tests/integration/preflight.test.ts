import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { baseImagesPrompt, baseImagesSchema } from '../../lib/workflow/base-images.ts';
import type { Prompt } from '../../lib/workflow/prompt.ts';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { editorWorkflow } from '../support/editor-workflow.ts';
import { openTestDesk, type TestDesk } from '../support/open-test-desk.ts';
import { stepsPrompt } from '../support/prompts.ts';
import { waitUntil } from '../support/wait-until.ts';
import { withholdNodes } from '../support/withhold-nodes.ts';

const MODEL = 'dreamscape-xl.safetensors';
let seed = 0;

function picture(checkpoint: string): Prompt {
  const wish = baseImagesSchema.parse({ prompt: 'a lighthouse', nsfw: true, steps: 1, width: 64, height: 64 });
  return baseImagesPrompt(wish, checkpoint, (seed += 1));
}
const infoReads = ({ control }: DemoPod) => control.requests.filter(({ path }) => path === '/object_info').length;

describe('a workflow before the queue', () => {
  let first: DemoPod;
  let second: DemoPod;
  let test: TestDesk;

  beforeEach(async () => {
    first = await createDemoPod({ stepMs: 1 });
    second = await createDemoPod({ stepMs: 1, without: ['ProbeSteps'] });
  });
  afterEach(async () => {
    await test.close();
    await Promise.all([first.close(), second.close()]);
  });
  const opened = async (tells: DemoPod[] = [first, second]) => {
    test = await openTestDesk({ first: first.url, second: second.url });
    for (const id of ['first', 'second']) await test.podState(id, 'up');
    await told(tells);
  };
  /** What these pods have has been read, one time or more. */
  const told = (pods: DemoPod[], times = 1) =>
    waitUntil(() => pods.every((pod) => infoReads(pod) >= times), 'the pods have told what they have');
  const check = (workflow: Record<string, unknown>) => test.desk.workflows.check({ workflow });

  it('B384 gives a job only to pods that can run it, and says why not to the others', async () => {
    await opened();
    const jobs = await Promise.all(Array.from({ length: 4 }, () => test.submit(stepsPrompt(2, 5))));
    for (const { id, unfitPods } of jobs) {
      expect(unfitPods).toEqual([{ podId: 'second', reason: 'The node “ProbeSteps” is missing.' }]);
      expect(await test.reaches(id, 'succeeded')).toMatchObject({ podId: 'first', attemptCount: 1 });
    }
    expect(second.control.posts).toEqual([]);
  });

  it('B385 refuses what no pod can run, naming what is wrong on each, and takes nothing in', async () => {
    await opened();
    const refusal = await test.submit(picture('nowhere.safetensors')).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'no_pod_can_run' });
    const { message, errors } = refusal as { message: string; errors: { field: string; message: string }[] };
    expect(message).toContain('On first and second the model “nowhere.safetensors” is missing.');
    expect(errors.map(({ field }) => field)).toEqual(Array(2).fill('workflow.4.ckpt_name'));
    expect(errors.map((one) => one.message.split(':')[0])).toEqual(['first', 'second']);
    expect((await test.desk.service.counts()).queued).toBe(0);
  });

  it('B385 B389 a job that is to wait says for what, and runs once a pod has it', async () => {
    await opened();
    const { job } = await test.desk.service.submit({ workflow: picture('late.safetensors'), wait: true });
    expect(job.waitsFor).toBe(
      'It waits for a pod that can run it: on first and second the model “late.safetensors” is missing.',
    );
    second.control.checkpoints = [...second.control.checkpoints, 'late.safetensors'];
    second.control.dropSockets();
    const ended = await test.reaches(job.id, 'succeeded');
    expect(ended).toMatchObject({ podId: 'second', attemptCount: 1 });
    expect(ended.waitsFor).toBeUndefined();
  });

  it('B389 a pod that has restarted with what was missing takes the job; one that still lacks it is named alone', async () => {
    await opened();
    first.control.checkpoints = [MODEL];
    second.control.checkpoints = [];
    await test.restart();
    await told([first, second], 2);
    const { job } = await test.desk.service.submit({
      workflow: picture('late.safetensors'),
      wait: true,
      pod: 'second',
    });
    expect(job.waitsFor).toContain('on second the model “late.safetensors” is missing');
    second.control.checkpoints = ['late.safetensors'];
    await second.control.restart();
    expect(await test.reaches(job.id, 'succeeded')).toMatchObject({ podId: 'second', attemptCount: 1 });
    expect(first.control.posts).toEqual([]);
  });

  it('B386 a pod that does not tell what it has may get the job', async () => {
    withholdNodes([second]);
    await opened([first]);
    const { id, unfitPods, waitsFor } = await test.submit(picture('nowhere.safetensors'));
    expect([unfitPods.map(({ podId }) => podId), waitsFor]).toEqual([['first'], undefined]);
    await test.reaches(id, 'failed');
    expect([first.control.posts.length, second.control.posts.length]).toEqual([0, 1]);
  });

  it('B388 a key that made a job answers with it though no pod could run it any more', async () => {
    await opened();
    const body = { workflow: picture(MODEL) };
    const { job } = await test.desk.service.submit(body, 'once');
    await test.reaches(job.id, 'succeeded');
    await test.restart({}, async () => {
      for (const pod of [first, second]) pod.control.checkpoints = ['other.safetensors'];
    });
    await told([first, second], 2);
    await expect(test.desk.service.submit(body)).rejects.toMatchObject({ code: 'no_pod_can_run' });
    expect(await test.desk.service.submit(body, 'once')).toMatchObject({ kind: 'replayed', job: { id: job.id } });
    await expect(test.desk.service.submit({ ...body, name: 'another' }, 'once')).rejects.toMatchObject({
      code: 'idempotency_conflict',
    });
  });

  it('B380 runs a workflow as the editor saved it, and keeps that form beside the prompt', async () => {
    await opened();
    const workflow = editorWorkflow(77);
    const { job } = await test.desk.service.submit({ workflow });
    expect(await test.reaches(job.id, 'succeeded')).toMatchObject({ outputs: [{ width: 64, height: 48 }] });
    expect(await test.desk.service.workflow(job.id)).toEqual({
      prompt: {
        '1': {
          class_type: 'EmptyImage',
          inputs: { width: 64, height: 48, batch_size: 1, color: 77 },
          _meta: expect.any(Object),
        },
        '2': {
          class_type: 'SaveImage',
          inputs: { images: ['1', 0], filename_prefix: 'podium-editor' },
          _meta: { title: 'Keep' },
        },
      },
      workflow,
    });
  });

  it('B383 says of each pod whether it would run a workflow, and offers what any of them has', async () => {
    second.control.checkpoints = ['only-here.safetensors'];
    await opened();
    const answer = await check(picture('only-here.safetensors'));
    expect(answer).toMatchObject({
      runs: true,
      sentence: 'Runs on second; on first the model “only-here.safetensors” is missing.',
      pods: [
        { podId: 'first', verdict: 'cannot', problems: [{ code: 'missing_model', nodeId: '4', input: 'ckpt_name' }] },
        { podId: 'second', verdict: 'runs', sentence: 'Runs on second.', problems: [] },
      ],
      unknown: [],
    });
    expect(answer.definitions['CheckpointLoaderSimple']).toMatchObject({
      input: {
        required: { ckpt_name: [['v1-5-pruned-emaonly-fp16.safetensors', MODEL, 'only-here.safetensors'], {}] },
      },
    });
    await test.desk.runner.order('second', 'drain');
    expect((await check(picture('only-here.safetensors'))).runs).toBe(false);
  });

  it('B381 keeps a node that no pod has in the prompt and names it', async () => {
    await opened();
    const prompt = { ...picture(MODEL), '99': { class_type: 'Unheard', inputs: {} } };
    const answer = await test.desk.workflows.convert({ workflow: { prompt } });
    expect([answer.prompt, answer.unknown]).toEqual([prompt, [{ nodeId: '99', classType: 'Unheard' }]]);
    await expect(test.desk.workflows.convert({ workflow: {}, pod: 'nowhere' })).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });

  it('B382 asks a pod when it comes up and again when it has restarted, not at every submission', async () => {
    await opened();
    for (let count = 0; count < 5; count += 1) await test.submit(stepsPrompt(1, 1));
    expect([infoReads(first), infoReads(second)]).toEqual([1, 1]);
    await first.control.restart();
    await told([first], 2);
    expect(infoReads(second)).toBe(1);
  });

  it('B393 what a pod has loaded is forgotten when its memory is freed and when it restarts', async () => {
    await opened();
    const driver = test.desk.runner.driven().find(({ id }) => id === 'first');
    const holds = () => driver?.loaded.holds({ models: [MODEL] });
    const run = async () => {
      const { id } = await test.submit(picture(MODEL), { pod: 'first' });
      await test.reaches(id, 'succeeded');
    };
    expect(holds()).toBe(false);
    await run();
    expect(holds()).toBe(true);
    await test.desk.runner.order('first', 'free-memory');
    await waitUntil(() => holds() === false, 'its memory is free');
    await run();
    expect(holds()).toBe(true);
    await first.control.restart();
    await waitUntil(() => holds() === false, 'its restart is known');
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { baseImagesPrompt, baseImagesSchema } from '../../lib/workflow/base-images.ts';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { openTestDesk, type TestDesk } from '../support/open-test-desk.ts';
import { stepsPrompt } from '../support/prompts.ts';
import { waitUntil } from '../support/wait-until.ts';
import { withholdNodes } from '../support/withhold-nodes.ts';

const CHECKPOINT = 'dreamscape-xl.safetensors';
const OTHER = ['something-else.safetensors'];

/** ComfyUI's refusal of a prompt whose checkpoint it does not have. */
const REFUSAL = {
  error: {
    type: 'prompt_outputs_failed_validation',
    message: 'Prompt outputs failed validation',
    details: '',
    extra_info: {},
  },
  node_errors: Object.fromEntries(
    Object.entries(picture())
      .filter(([, node]) => node.class_type === 'CheckpointLoaderSimple')
      .map(([id, node]) => [
        id,
        {
          errors: [
            {
              type: 'value_not_in_list',
              message: 'Value not in list',
              details: `ckpt_name: '${CHECKPOINT}' not in ${JSON.stringify(OTHER)}`,
              extra_info: { input_name: 'ckpt_name', input_config: [OTHER, {}], received_value: CHECKPOINT },
            },
          ],
          dependent_outputs: ['9'],
          class_type: node.class_type,
        },
      ]),
  ),
};

function picture() {
  const wish = baseImagesSchema.parse({ prompt: 'a lighthouse', nsfw: true, steps: 1, width: 64, height: 64 });
  return baseImagesPrompt(wish, CHECKPOINT, 7);
}

describe('what a desk does about a failure', () => {
  let pods: [DemoPod, DemoPod, DemoPod];
  let test: TestDesk;
  beforeEach(async () => {
    const pod = () => createDemoPod({ stepMs: 10 });
    pods = await Promise.all([pod(), pod(), pod()]);
    test = await openTestDesk({ first: pods[0].url, second: pods[1].url, third: pods[2].url });
    for (const id of ['first', 'second', 'third']) await test.podState(id, 'up');
  });
  afterEach(async () => {
    await test.close();
    await Promise.all(pods.map((pod) => pod.close()));
  });

  it('B283 gives a job to the pod that has its model, past one that lacks it too, without using up a retry', async () => {
    const [first, second, third] = pods;
    first.control.failNextPost({
      kind: 'status',
      status: 400,
      accept: false,
      contentType: 'application/json',
      body: JSON.stringify(REFUSAL),
    });
    const described = await fetch(`${second.url}/object_info/CheckpointLoaderSimple`);
    const lists = (await described.text()).replaceAll(CHECKPOINT, OTHER[0] ?? '');
    const headers = { 'content-type': 'application/json' };
    second.control.fault({ path: /object_info/ }, { kind: 'raw', body: Buffer.from(lists), headers });
    const { id } = await test.submit(picture());
    const job = await test.reaches(id, 'succeeded');
    expect(job.attempts.map(({ podId, outcome }) => ({ podId, outcome }))).toEqual([
      { podId: 'first', outcome: 'rejected' },
      { podId: 'third', outcome: 'succeeded' },
    ]);
    expect(pods.map(({ control }) => control.posts.length)).toEqual([1, 0, 1]);
    expect(third.control.runs).toHaveLength(1);
    const waited = job.timeline.find(({ kind }) => kind === 'retry_wait');
    expect(waited?.detail).toContain(
      `“${CHECKPOINT}” (its place is models/checkpoints) is missing on pods “first” and`,
    );
    expect(waited?.detail).toContain('Podium gives it to pod “third”.');
  });

  it('B283 ends a job whose model is on no pod, naming it, the pods and the place', async () => {
    const prompt = picture();
    for (const node of Object.values(prompt))
      if (node.class_type === 'CheckpointLoaderSimple') node.inputs['ckpt_name'] = 'nowhere.safetensors';
    await test.restart({}, async () => withholdNodes(pods));
    for (const id of ['first', 'second', 'third']) await test.podState(id, 'up');
    const { id } = await test.submit(prompt);
    const job = await test.reaches(id, 'failed');
    expect(job.error).toMatchObject({ code: 'model_missing', category: 'permanent' });
    expect(job.error?.message).toContain(
      '“nowhere.safetensors” (its place is models/checkpoints) is missing on pods “first”, “second” and “third”.',
    );
    expect(pods.flatMap(({ control }) => control.posts)).toHaveLength(1);
  });

  it('B285 sets a job aside under which two pods died, and gives it to no third one', async () => {
    const { id } = await test.submit(stepsPrompt(200, 50));
    for (const deaths of [1, 2]) {
      const job = await waitUntil(async () => {
        const now = await test.job(id);
        return now.attempts.length === deaths && now.live?.phase === 'sampling' && now;
      }, `the job runs for time ${deaths}`);
      const { podId } = job.attempts[deaths - 1] ?? {};
      await pods[['first', 'second', 'third'].indexOf(podId ?? '')]?.control.restart({ downMs: 100 });
    }
    const job = await test.reaches(id, 'failed', 20_000);
    expect(job.error).toMatchObject({ code: 'poison', message: expect.stringContaining('twice') });
    expect(job.attempts.map(({ outcome }) => outcome)).toEqual(['pod_died', 'pod_died']);
    expect(pods.flatMap(({ control }) => control.runs.filter((run) => run.jobId !== undefined))).toHaveLength(2);
  }, 60_000);
});

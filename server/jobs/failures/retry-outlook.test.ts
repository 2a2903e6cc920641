import { expect, it } from 'vitest';
import { jobError, type MissingThing } from '../../../lib/jobs/job-error.ts';
import type { PodView } from '../../../lib/protocol/pods.ts';
import { retryOutlook } from './retry-outlook.ts';

type Pod = Parameters<typeof retryOutlook>[1][number];
const pod = (name: string, state: PodView['state'] = 'up', more: Partial<Pod> = {}): Pod => ({
  id: name,
  name,
  state,
  ...more,
});
const model: MissingThing = {
  kind: 'model',
  name: 'x.safetensors',
  classType: 'CheckpointLoaderSimple',
  input: 'ckpt_name',
  folder: 'models/checkpoints',
};
const lacksModel = jobError('model_missing', 'No pod has it.', { missing: [model] });
/** Answers by pod; a pod that is not named could not be asked. */
function lists(answers: Record<string, MissingThing[]>) {
  const asked: string[] = [];
  return {
    asked,
    lacks: async (podId: string) => {
      asked.push(podId);
      return answers[podId];
    },
  };
}

it('B316 a pod that has gained what was missing makes a retry work, and is named', async () => {
  const { lacks, asked } = lists({ a: [model], b: [] });
  expect(await retryOutlook(lacksModel, [pod('a'), pod('b')], lacks)).toEqual({
    works: 'yes',
    sentence: 'Pod b has it now: a retry will work.',
    pods: [
      { podId: 'a', lacks: [model] },
      { podId: 'b', lacks: [] },
    ],
  });
  expect(asked).toEqual(['a', 'b']);
});

it.each([
  [
    'every pod lacks it',
    { a: [model], b: [model] },
    ['up', 'up'],
    'no',
    '“x.safetensors” is still missing on pods a, b.',
  ],
  [
    'one could not be asked',
    { a: [model] },
    ['up', 'up'],
    'unknown',
    '“x.safetensors” is still missing on pod a; pod b could not be asked.',
  ],
  ['none could be asked', {}, ['up', 'up'], 'unknown', 'No pod could be asked what it has.'],
  [
    'the one that has it takes no work',
    { a: [model], b: [] },
    ['up', 'quarantined'],
    'unknown',
    'Pod b has it, but takes no work now: a retry waits for it.',
  ],
] as const)('B316 the outlook is told where %s', async (_case, answers, [a, b], works, sentence) => {
  const { lacks } = lists(answers as unknown as Record<string, MissingThing[]>);
  expect(await retryOutlook(lacksModel, [pod('a', a), pod('b', b)], lacks)).toMatchObject({ works, sentence });
});

it('B316 no yes is said of a thing that cannot be seen from outside', async () => {
  const read = { kind: 'file', name: 'in.png', classType: 'LoadImage', input: 'image' } as const;
  const { name, kind } = read;
  const works = async (thing: MissingThing) => {
    const error = jobError('file_missing', 'It is not there.', { missing: [thing] });
    return (await retryOutlook(error, [pod('a')], lists({ a: [] }).lacks)).sentence;
  };
  const unseen = 'Pod a may have it: Podium cannot see that from outside.';
  expect(await works({ kind, name })).toBe(unseen);
  expect(await works({ ...read, name: 'folder/in.png' })).toBe(unseen);
  expect(await works(read)).toBe('Pod a has it now: a retry will work.');
});

it('B316 where nothing was missing the outlook is what the pods can do', async () => {
  const ask = async () => {
    throw new Error('nobody is asked');
  };
  const outlook = async (code: Parameters<typeof jobError>[0], pods: Pod[]) => {
    const { works, sentence } = await retryOutlook(jobError(code, 'It failed.'), pods, ask);
    return [works, sentence];
  };
  const broken = pod('a', 'quarantined', { reason: 'Its GPU failed.' });
  expect(await outlook('gpu_broken', [broken, pod('b')])).toEqual(['yes', 'Pod b takes work: a retry can run now.']);
  expect(await outlook('gpu_broken', [broken])).toEqual(['no', 'Pod a takes no work now. Its GPU failed.']);
  expect(await outlook('pod_unreachable', [pod('a', 'gone'), pod('b', 'gone')])).toEqual([
    'no',
    'Pods a, b take no work now.',
  ]);
  expect(await outlook('node_failed', [pod('a')])).toEqual([
    'unknown',
    'A retry meets the same workflow: it may fail the same way unless something changed.',
  ]);
  expect(await outlook('pod_lost', [])).toEqual(['no', 'No pod that may take it is set up any more.']);
  expect((await retryOutlook(undefined, [pod('a')], ask)).works).toBe('yes');
});

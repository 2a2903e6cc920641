import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Job, UnfitPod } from '../../lib/jobs/job.ts';
import { baseImagesPrompt, baseImagesSchema } from '../../lib/workflow/base-images.ts';
import type { Prompt } from '../../lib/workflow/prompt.ts';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { openLivePage, type LivePage } from '../support/live-page.ts';
import { openInstances, type Instances } from '../support/open-instances.ts';
import { waitUntil } from '../support/wait-until.ts';

const [ONE, OTHER] = ['one.safetensors', 'other.safetensors'];

/** A picture that takes both models. */
function pictureOfBoth(): Prompt {
  const wish = baseImagesSchema.parse({ prompt: 'a lighthouse', nsfw: true, steps: 1, width: 64, height: 64 });
  const prompt = baseImagesPrompt(wish, ONE, 1);
  const words = { class_type: 'CLIPTextEncode', inputs: { text: 'a lighthouse', clip: ['10', 1] } };
  return { ...prompt, '6': words, '10': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: OTHER } } };
}

let pods: Record<string, DemoPod>;
let instances: Instances;
beforeEach(async () => {
  pods = { first: await createDemoPod({ stepMs: 1 }), second: await createDemoPod({ stepMs: 1 }) };
  instances = await openInstances(pods);
});
afterEach(async () => {
  await instances.close();
  await Promise.all(Object.values(pods).map((pod) => pod.close()));
});

it('B390 each pod’s driver alone writes, once, what waiting jobs it cannot run, and its heir does so after it', async () => {
  const other = await instances.spawn();
  const here = await instances.open();
  await waitUntil(() => instances.driven(here).length === 1, 'each drives one pod', 30_000);
  await instances.podsUp(here);
  const [ours = ''] = instances.driven(here);
  const theirs = ours === 'first' ? 'second' : 'first';
  await here.desk.system.pause();

  const workflow = pictureOfBoth();
  const reads = async (url: string) => {
    const body = JSON.stringify({ workflow });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${url}/api/workflows/check`, { method: 'POST', headers, body });
    const { pods: verdicts } = (await answer.json()) as { pods: { verdict: string }[] };
    return verdicts.length === 2 && verdicts.every(({ verdict }) => verdict === 'cannot');
  };
  for (const url of [here.url, await other.ready()])
    await waitUntil(() => reads(url), 'it is known what both pods have', 30_000);
  const { id } = (await here.desk.service.submit({ workflow, wait: true })).job;
  const pages = [here.url, await other.ready()].map((url) => openLivePage(instances.browse(url), id));
  await waitUntil(() => pages.every(({ detail }) => detail !== undefined), 'both pages show the job');

  /** Every state of the job, whoever wrote it, and those that were written here. */
  const states = new Map<number, Job>();
  const own: Job[] = [];
  here.desk.events.add({ jobChanged: (job) => void states.set(job.revision, job) });
  here.desk.events.addOwn({ jobChanged: (job) => void own.push(job) });

  const has = (podId: string, ...models: string[]) => {
    const pod = pods[podId];
    if (!pod) throw new Error(`there is no pod ${podId}`);
    pod.control.checkpoints = models;
    pod.control.dropSockets();
  };
  const shows = ({ detail }: LivePage, missing: Record<string, string>) =>
    Object.entries(missing).every(([podId, model]) => reasonOf(detail?.unfitPods, podId)?.includes(`“${model}” is`));
  const all = (missing: Record<string, string>) =>
    waitUntil(() => pages.every((page) => shows(page, missing)), 'both pages say what is missing', 30_000);

  for (let round = 0; round < 4; round += 1) {
    const [mine, yours] = round % 2 ? [OTHER, ONE] : [ONE, OTHER];
    has(ours, mine);
    has(theirs, yours);
    await all({ [ours]: yours, [theirs]: mine });
    expect(pages.map(({ detail }) => detail?.revision)).toEqual([2 * round + 2, 2 * round + 2]);
    expect(pages[0]?.detail).toEqual(pages[1]?.detail);
  }
  const [before] = pages.map(({ detail }) => detail?.unfitPods ?? []);
  expect(own).toHaveLength(4);
  for (const job of own.slice(1)) {
    const was = states.get(job.revision - 1)?.unfitPods;
    expect(reasonOf(job.unfitPods, theirs)).toBe(reasonOf(was, theirs));
    expect(reasonOf(job.unfitPods, ours)).not.toBe(reasonOf(was, ours));
  }

  other.signal('SIGKILL');
  await other.exited;
  has(theirs, OTHER);
  await instances.drives(here, 'first', 'second');
  await waitUntil(() => pages.some((page) => shows(page, { [theirs]: ONE })), 'the heir says so', 30_000);
  expect(own.slice(4).map(({ revision }) => revision)).toEqual([9]);
  expect(reasonOf(own.at(-1)?.unfitPods, ours)).toBe(reasonOf(before, ours));

  await here.desk.system.resume();
  has(theirs, ONE, OTHER);
  await instances.job(here, id, ({ state }) => state === 'succeeded', 'succeeds');
  expect(pods[theirs]?.control.posts).toHaveLength(1);
  expect(pods[ours]?.control.posts).toEqual([]);
}, 120_000);

function reasonOf(unfit: readonly UnfitPod[] | undefined, podId: string): string | undefined {
  return unfit?.find((one) => one.podId === podId)?.reason;
}

import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '../../support/wait-until.ts';
import type { Step } from '../child-protocol.ts';
import { SCALE } from '../scale.ts';
import type { Scenario } from '../scenario.ts';

const dieAt = (name: string, step: Step): Scenario => ({
  name,
  store: 'either',
  async faults(world) {
    await world.arm(step, 'kill');
  },
});

/** The process dies, freezes or stands still. */
export const DEATHS: Scenario[] = [
  dieAt('kill-before-intent', 'before-intent'),
  dieAt('kill-after-intent', 'after-intent'),
  {
    name: 'kill-before-answer',
    store: 'either',
    async faults(world) {
      const { pod } = world;
      const { posts } = pod.control;
      const before = posts.length;
      pod.control.failNextPost({ kind: 'late', ms: 30_000 });
      const post = await waitUntil(() => posts[before], 'a prompt is posted', 6000).catch(() => undefined);
      const owner = world.ownerOf(post?.jobId);
      if (owner && post?.jobId !== undefined) world.kill(owner, [post.jobId]);
    },
  },
  dieAt('kill-before-recording', 'before-answer-recorded'),
  {
    name: 'kill-while-saving',
    store: 'either',
    async faults(world) {
      const moment = world.random.pick(['before-download', 'after-download', 'after-end', 'hanging']);
      if (moment !== 'hanging') {
        await world.arm(moment, 'kill');
        return;
      }
      const { pod } = world;
      const undo = pod.control.fault({ path: /view/ }, { kind: 'hang' });
      const asked = () => pod.control.requests.some(({ path }) => path.includes('/view'));
      await waitUntil(asked, 'a file is being copied', 6000).catch(() => undefined);
      const done = pod.control.runs.findLast(({ outcome }) => outcome === 'success');
      const owner = world.ownerOf(done?.jobId);
      if (owner && done?.jobId !== undefined) world.kill(owner, [done.jobId]);
      undo();
    },
  },
  {
    name: 'kill-again-and-again',
    store: 'either',
    load: { jobs: 8, overMs: SCALE.killForMs, steps: [10, 40] },
    async faults(world) {
      const until = Date.now() + SCALE.killForMs;
      while (Date.now() < until) {
        await sleep(world.random.int(...SCALE.killEveryMs));
        const instance = world.anyInstance;
        if (instance.running) world.kill(instance);
      }
    },
  },
  {
    name: 'freeze-owner',
    store: 'redis',
    load: { steps: [15, 60] },
    async faults(world) {
      const ms = world.random.int(...SCALE.freezeMs);
      const step = world.random.pick([
        'after-intent',
        'after-intent',
        'after-intent',
        'before-answer-recorded',
        'after-accepted',
        'before-download',
      ]);
      await world.arm(step, 'stop', { ms });
      await sleep(ms);
    },
  },
  {
    name: 'block-loop',
    store: 'either',
    load: { steps: [15, 60] },
    async faults(world) {
      const ms = world.random.int(...SCALE.blockMs);
      const step = world.random.pick(['after-intent', 'before-answer-recorded', 'after-accepted', 'after-download']);
      await world.arm(step, 'block', { ms });
      await sleep(ms);
    },
  },
];

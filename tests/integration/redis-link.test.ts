import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Job } from '../../lib/jobs/job.ts';
import type { PromptPreview } from '../../server/jobs/pod-events.ts';
import { accept, after, claim, queuedAt, succeed } from '../support/sample-jobs.ts';
import { podView } from '../support/fake-desk.ts';
import { openLinkedDesk, type LinkedDesk } from '../support/linked-desk.ts';
import { openTcpProxy } from '../support/tcp-proxy.ts';
import { startRedis } from '../support/redis-process.ts';
import { waitUntil } from '../support/wait-until.ts';

let redis: Awaited<ReturnType<typeof startRedis>>;
let desk: LinkedDesk;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());
beforeEach(() => {
  desk = openLinkedDesk(redis.port);
});
afterEach(() => desk.close());

/** The job, changed a number of times. */
function revisions(count: number, name = 'a job'): Job[] {
  const first = after(queuedAt(1, { name }), claim('pod-a'), accept);
  return Array.from({ length: count }, (_, index) => ({ ...first, revision: index }));
}

/** A job that runs on a pod, and its prompt. */
function running(seconds: number) {
  const promptId = randomUUID();
  return { job: after(queuedAt(seconds), claim('pod-a', promptId), accept), promptId };
}

const fence = (token: number) => ({ podId: 'pod-a', token });

describe('changes of jobs', () => {
  it('B219 reach every instance once, in the order in which they were made', async () => {
    const all = [await desk.join(), await desk.join()].map(({ heard }) => heard);
    const [one, two] = [revisions(50, 'one'), revisions(50, 'two')];
    for (const [index, job] of one.entries()) await desk.announce(job, ...(two[index] ? [two[index]] : []));
    await waitUntil(() => all.every(({ jobs }) => jobs.length === 100), 'all are heard');
    for (const { jobs, missed } of all) {
      expect(jobs.filter((job) => job.id === one[0]?.id)).toEqual(one);
      expect(jobs.filter((job) => job.id === two[0]?.id)).toEqual(two);
      expect(missed).toBe(0);
    }
  });

  it('B219 bring the newest progress along, and begin with those after the start', async () => {
    await desk.announce(...revisions(1));
    const { job, promptId } = running(1);
    const { heard } = await desk.join();
    const progress = { promptId, percent: 40, phase: 'sampling' };
    await desk.xadd(
      'id',
      job.id,
      'rev',
      String(job.revision),
      'job',
      JSON.stringify(job),
      'progress',
      JSON.stringify(progress),
    );
    await waitUntil(() => heard.jobs.length === 1, 'the change is heard');
    expect(heard.jobs).toEqual([job]);
    expect(heard.progressWithJobs).toEqual([progress]);
  });

  it('B219 arrive once and in order while connections are cut again and again', async () => {
    const all = [await desk.join(), await desk.join()].map(({ heard }) => heard);
    const made = revisions(800);
    let cuts = 0;
    for (const [index, job] of made.entries()) {
      await desk.announce(job);
      if (index % 5 === 2) cuts += await desk.cutLinks();
    }
    expect(cuts).toBeGreaterThan(20);
    await waitUntil(() => all.every(({ jobs }) => jobs.length >= made.length), 'all are heard');
    for (const { jobs, missed } of all) {
      expect(jobs.map(({ revision }) => revision)).toEqual(made.map(({ revision }) => revision));
      expect(missed).toBe(0);
    }
  });

  it('B219 arrive over a new connection when the old one carries nothing any more', async () => {
    const proxy = await openTcpProxy(redis.port);
    const { heard } = await desk.join(proxy.port);
    const before = heard.dispatch;
    proxy.silence();
    const made = revisions(5);
    await desk.announce(...made);
    await desk.publish('desk', 'dispatch');
    await waitUntil(() => heard.jobs.length === made.length, 'all are heard');
    await waitUntil(() => heard.dispatch > before, 'the pause is asked for again');
    expect(heard.jobs).toEqual(made);
    expect(heard.missed).toBe(0);
    await proxy.close();
  });

  it('B219 that were trimmed before they were read are told as missed', async () => {
    const { heard } = await desk.join();
    await desk.atOnce(async () => {
      await desk.announce(...revisions(20));
      await desk.trimTo(5);
    });
    await waitUntil(() => heard.missed > 0, 'it is known that something was missed');
    await waitUntil(() => heard.jobs.at(-1)?.revision === 19, 'what is left is heard');
    const [next] = revisions(1, 'next');
    if (!next) throw new Error('there is one');
    await desk.announce(next);
    await waitUntil(() => heard.jobs.at(-1)?.id === next.id, 'the link goes on');
    expect(heard.missed).toBe(1);
  });

  it('B219 that Redis has lost are told as missed, and later ones are heard whatever their ids', async () => {
    const { heard } = await desk.join();
    await desk.announce(...revisions(3));
    await waitUntil(() => heard.jobs.length === 3, 'three are heard');
    // As a replica whose clock is behind has it after a failover.
    await desk.loseStream('1000-0');
    await waitUntil(() => heard.missed === 1, 'it is known that something was missed');
    const [next] = revisions(1, 'next');
    if (!next) throw new Error('there is one');
    await desk.xaddAs('1001-0', 'id', next.id, 'rev', '0', 'job', JSON.stringify(next), 'progress', '');
    await waitUntil(() => heard.jobs.at(-1)?.id === next.id, 'the next one is heard');
    expect(heard.missed).toBe(1);
  });

  it('B219 that cannot be read are left out, and named once', async () => {
    const { heard } = await desk.join();
    const [job] = revisions(1);
    if (!job) throw new Error('there is one');
    const later = JSON.stringify({ ...job, schemaVersion: 99 });
    for (let time = 0; time < 3; time += 1) await desk.xadd('id', job.id, 'rev', '1', 'job', later, 'progress', '');
    for (const broken of ['{', '', '7']) await desk.xadd('id', 'broken', 'job', broken);
    await desk.xadd('id', job.id, 'gone', '1');
    await desk.xadd('something', 'else');
    await desk.announce(job);
    await waitUntil(() => heard.jobs.length === 1, 'the one that can be read is heard');
    expect(heard.jobs).toEqual([job]);
    expect(heard.unreadable).toEqual([job.id, 'broken']);
  });
});

describe('what may be lost', () => {
  it('B220 progress reaches the others once a second, and ten times where it is watched, the latest last', async () => {
    const [me, watches, other] = [await desk.join(), await desk.join(), await desk.join()];
    const { job, promptId } = running(1);
    watches.link.wantPreviews(job.id, true);
    await waitUntil(async () => (await desk.listenersOf(job.id)) === 1, 'it is listened to');
    for (let percent = 0; percent <= 50; percent += 1)
      me.link.publishProgress(job.id, { promptId, percent, phase: 'sampling' });
    const [first, last] = [`${job.id} 0`, `${job.id} 50`];
    await waitUntil(() => watches.heard.progress.at(-1) === last, 'the latest is heard where it is watched');
    expect(other.heard.progress).toEqual([first]);
    expect(new Set(watches.heard.progress)).toEqual(new Set([first, last]));
    await waitUntil(() => other.heard.progress.at(-1) === last, 'the latest is heard elsewhere');
    expect(other.heard.progress).toEqual([first, last]);
    expect(me.heard.progress).toEqual([]);
  });

  it('B220 progress that comes after a job has left its pod is not told', async () => {
    const [me, other] = [await desk.join(), await desk.join()];
    const [late, live] = [running(1), running(2)];
    await desk.announce(after(late.job, succeed));
    await waitUntil(() => other.heard.jobs.length === 1, 'the end is heard');
    me.link.publishProgress(late.job.id, { promptId: late.promptId, percent: 90, phase: 'sampling' });
    me.link.publishProgress(live.job.id, { promptId: live.promptId, percent: 10, phase: 'sampling' });
    await waitUntil(() => other.heard.progress.length > 0, 'progress is heard');
    expect(other.heard.progress).toEqual([`${live.job.id} 10`]);
  });

  it('B220 previews go only to instances that want them, byte for byte, and only small ones', async () => {
    const [me, wants, other] = [await desk.join(), await desk.join(), await desk.join()];
    const jobId = randomUUID();
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const picture: PromptPreview = { promptId: randomUUID(), nodeId: '3', contentType: 'image/png', bytes };
    wants.link.wantPreviews(jobId, true);
    await waitUntil(async () => {
      me.link.publishPreview(jobId, picture);
      return wants.heard.previews.length > 0;
    }, 'the preview is heard');
    const [got] = wants.heard.previews;
    expect(got).toEqual({ jobId, preview: { ...picture, bytes: Buffer.from(bytes) } });
    me.link.publishPreview(jobId, { ...picture, bytes: new Uint8Array(600 * 1024) });
    wants.link.wantPreviews(jobId, false);
    await waitUntil(async () => (await desk.listenersOf(jobId)) === 0, 'nobody listens any more');
    expect(new Set(wants.heard.previews.map(({ preview }) => preview.bytes.length))).toEqual(new Set([256]));
    expect([me.heard.previews, other.heard.previews]).toEqual([[], []]);
  });

  it('B220 of a job that nobody watches elsewhere, only progress is sent', async () => {
    const [me, other] = [await desk.join(), await desk.join()];
    const { job, promptId } = running(1);
    me.link.wantPreviews(job.id, true);
    await waitUntil(async () => (await desk.listenersOf(job.id)) === 1, 'it is watched here');
    const before = await desk.published();
    for (const percent of [1, 2]) {
      me.link.publishPreview(job.id, { promptId, contentType: 'image/png', bytes: new Uint8Array(10) });
      me.link.publishProgress(job.id, { promptId, percent, phase: 'sampling' });
      await waitUntil(() => other.heard.progress.length === percent, 'progress is heard');
    }
    expect((await desk.published()) - before).toBe(2);
  });

  it('B220 previews that are wanted are so after a cut connection too', async () => {
    const [me, wants] = [await desk.join(), await desk.join()];
    const jobId = randomUUID();
    wants.link.wantPreviews(jobId, true);
    await waitUntil(async () => (await desk.listenersOf(jobId)) === 1, 'it is listened to');
    await desk.cutLinks();
    const bytes = Uint8Array.of(1, 2, 3);
    await waitUntil(() => {
      me.link.publishPreview(jobId, { promptId: randomUUID(), contentType: 'image/jpeg', bytes });
      return wants.heard.previews.length > 0;
    }, 'the preview is heard');
  });

  it('B220 views of pods reach the others, also those that come later, but not from a former holder', async () => {
    const [me, other] = [await desk.join(), await desk.join()];
    const view = (version: string) => podView('pod-a', { version });
    me.link.publishPod(view('two'), fence(2));
    await waitUntil(() => other.link.pods().length === 1, 'the view is heard');
    me.link.publishPod(view('one'), fence(1));
    me.link.publishPod(view('three'), fence(3));
    await waitUntil(() => other.heard.pods.length > 1, 'the next view is heard');
    expect(other.heard.pods).toEqual(['two', 'three']);
    expect(me.heard.pods).toEqual([]);
    const late = await desk.join();
    expect(late.link.pods()).toEqual([view('three')]);
    const former = await desk.join();
    former.link.publishPod(view('former'), fence(2));
    expect(former.link.pods()).toEqual([view('three')]);
  });

  it('B312 views of a pod that changes all the time are told seldom, the newest last', async () => {
    const [me, other] = [await desk.join(), await desk.join()];
    for (let version = 0; version <= 50; version += 1)
      me.link.publishPod(podView('pod-a', { version: `v${version}` }), fence(1));
    me.link.publishPod(podView('pod-b', { version: 'b' }), { podId: 'pod-b', token: 1 });
    await waitUntil(() => other.heard.pods.includes('v50'), 'the newest is heard');
    expect(other.heard.pods).toEqual(['v0', 'b', 'v50']);
  });

  it('B220 a former holder that has not heard of its heir replaces no view of it', async () => {
    const former = await desk.join();
    const view = podView('pod-a', { version: 'of the heir' });
    await desk.keepPod(view, 9);
    former.link.publishPod(podView('pod-a', { version: 'of before' }), fence(8));
    former.link.publishPod(podView('pod-b'), { podId: 'pod-b', token: 1 });
    await waitUntil(async () => (await desk.join()).link.pods().length === 2, 'what was told is known');
    const late = await desk.join();
    expect(late.link.pods()).toContainEqual(view);
  });

  it('B220 views told while connections were cut are caught up', async () => {
    const other = await desk.join();
    await desk.keepPod(podView('pod-a', { version: 'unheard' }), 1);
    await desk.cutLinks();
    await waitUntil(() => other.heard.pods.includes('unheard'), 'the view is caught up');
  });

  it('B220 the wish to pause is heard, and asked for again after a cut connection', async () => {
    const { heard } = await desk.join();
    const before = heard.dispatch;
    await desk.publish('desk', 'dispatch');
    await waitUntil(() => heard.dispatch > before, 'it is heard');
    const then = heard.dispatch;
    await desk.cutLinks();
    await waitUntil(() => heard.dispatch > then, 'it is asked for again');
  });

  it('B220 messages that are none of ours are passed over', async () => {
    const [me, other] = [await desk.join(), await desk.join()];
    const jobId = randomUUID();
    other.link.wantPreviews(jobId, true);
    await waitUntil(async () => (await desk.listenersOf(jobId)) === 1, 'it is listened to');
    for (const junk of [
      '',
      '{}',
      'x '.repeat(10),
      '\u0000\u0000\u0000\u0001',
      '{"from":1}',
      `${randomUUID()} {"token":"x"}`,
    ])
      for (const channel of ['progress', 'pods-channel', `watch:${jobId}`, `preview:${jobId}`] as const)
        await desk.publish(channel, junk);
    me.link.publishProgress(jobId, { promptId: randomUUID(), percent: 1, phase: 'loading' });
    await waitUntil(() => other.heard.progress.length > 0, 'what is ours is heard');
    expect(new Set(other.heard.progress)).toEqual(new Set([`${jobId} 1`]));
    expect(other.heard).toMatchObject({ previews: [], pods: [] });
  });
});

import { io } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { LOOK_MS, Silence } from '../../components/hooks/silence.ts';
import { SOCKET_OPTIONS } from '../../components/hooks/socket-options.ts';
import { detailOf } from '../../lib/jobs/job-view.ts';
import { FakeDesk, podView } from '../support/fake-desk.ts';
import { openLinkedDesk, type LinkedDesk } from '../support/linked-desk.ts';
import { openLivePage, type LivePage } from '../support/live-page.ts';
import { openTestFront, type TestSocket } from '../support/open-test-front.ts';
import { startRedis } from '../support/redis-process.ts';
import { openTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { waitUntil } from '../support/wait-until.ts';

let redis: Awaited<ReturnType<typeof startRedis>>;
let linked: LinkedDesk;
let proxy: TcpProxy;
const closers: (() => Promise<void>)[] = [];
const sockets: TestSocket[] = [];
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());
beforeEach(async () => {
  linked = openLinkedDesk(redis.port);
  proxy = await openTcpProxy();
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.disconnect();
  for (const close of closers.splice(0)) await close();
  await linked.close();
  await proxy.close();
});

/** One Podium: a front over a desk that shares its store with `shared`, and its link to the others. */
async function openInstance(shared?: FakeDesk) {
  const desk = new FakeDesk(shared);
  const link = linked.openLink();
  desk.onPreviewInterest = (jobId, wanted) => link.wantPreviews(jobId, wanted);
  desk.events.addOwn({
    jobChanged: (job) => void linked.announce(job),
    jobProgress: (jobId, progress) => link.publishProgress(jobId, progress),
    jobPreview: (jobId, preview) => link.publishPreview(jobId, preview),
    podChanged: (view) => link.publishPod(view, { podId: view.id, token: 1 }),
  });
  await link.start({
    ...desk.events.heard,
    isNews: (jobId, revision) => desk.events.isNews(jobId, revision),
    wants: (mark) => desk.events.wants(mark),
    jobPassed: (mark) => desk.events.passed(mark),
    dispatchChanged: () => undefined,
  });
  // Browsers reach every instance by the address of what stands before them.
  const front = await openTestFront({ publicUrl: `http://127.0.0.1:${proxy.port}` }, desk);
  let closed: Promise<void> | undefined;
  const close = () => (closed ??= front.close({ keepClients: true }).then(() => link.close()));
  closers.push(close);
  return { desk, port: front.port, close };
}

/** A browser whose connections the proxy leads to an instance; it connects, and notices silence, as the pages do. */
function browse(): TestSocket {
  const socket: TestSocket = io(`http://127.0.0.1:${proxy.port}`, {
    ...SOCKET_OPTIONS,
    forceNew: true,
  });
  const silence = new Silence(() => performance.now());
  socket.io.on('ping', () => silence.heard());
  socket.on('connect', () => silence.heard());
  const looking = setInterval(() => {
    if (silence.isTooLong() && socket.connected) socket.io.engine.close();
  }, LOOK_MS);
  closers.push(async () => clearInterval(looking));
  sockets.push(socket);
  return socket;
}

/** Whether the page shows all jobs as they are. */
function isTrue(page: LivePage, desk: FakeDesk): boolean {
  const shown = new Map(page.list.jobs.map((job) => [job.id, job.revision]));
  const { detail } = page;
  const kept = detail && desk.jobs.get(detail.id);
  return (
    [...desk.jobs.values()].every(({ id, revision }) => shown.get(id) === revision) &&
    kept?.revision === detail?.revision
  );
}

it('B221 a browser sees at one instance whatever is done at another', async () => {
  const here = await openInstance();
  const there = await openInstance(here.desk);
  proxy.switchTo(there.port);
  const { id, promptId } = here.desk.running('watched');
  const socket = browse();
  const pods: string[] = [];
  socket.on('pod:changed', ({ pod }) => pods.push(pod.state));
  const page = openLivePage(socket, id);
  await waitUntil(() => page.detail !== undefined, 'the page shows the job');
  await socket.emitWithAck('pods:watch', {});

  here.desk.report(id, promptId, 30);
  await waitUntil(() => page.detail?.progress === 30, 'progress is shown');
  const bytes = new Uint8Array(1234);
  await waitUntil(() => {
    here.desk.events.jobPreview(id, { promptId, contentType: 'image/jpeg', bytes });
    return page.pictures.includes(1234);
  }, 'the preview is shown');
  here.desk.events.podChanged(podView('pod-1', { state: 'degraded' }));
  await waitUntil(() => pods.includes('degraded'), 'the pod is shown');

  here.desk.change(id, { type: 'note', kind: 'warning', detail: 'a warning' });
  await waitUntil(() => page.detail?.revision === 3, 'the warning is shown');
  there.desk.change(id, { type: 'cancel_request' });
  await waitUntil(() => page.detail?.cancelRequested === true, 'the wish is shown');
  here.desk.change(id, { type: 'cancelled' });
  const added = here.desk.add('another');
  await waitUntil(() => isTrue(page, here.desk), 'everything is shown');
  const states = ['2 running', '3 running', '4 running', '5 cancelled'];
  expect(page.states).toEqual(states);
  expect(page.list.jobs.map((job) => job.id)).toContain(added.id);
  expect(page.sessions).toBe(1);
});

it.each(['is closed', 'is cut off', 'answers no more'] as const)(
  'B221 a browser whose instance %s goes on at another and misses no change',
  async (how) => {
    const here = await openInstance();
    const there = await openInstance(here.desk);
    proxy.switchTo(there.port);
    const jobs = Array.from({ length: 5 }, (_, index) => here.desk.running(`job ${index}`));
    const [watched] = jobs;
    if (!watched) throw new Error('there are five');
    const pages = Array.from({ length: 5 }, () => openLivePage(browse(), watched.id));
    await waitUntil(() => pages.every((page) => isTrue(page, here.desk)), 'all pages are open');

    const changeNext = (step: number) => {
      const job = jobs[step % jobs.length];
      if (job) here.desk.change(job.id, { type: 'note', kind: 'warning', detail: `step ${step}` });
    };
    let end: Promise<void> | undefined;
    for (let step = 0; step < 100; step += 1) {
      changeNext(step);
      if (step % 5 === 0) here.desk.add(`added at ${step}`);
      if (step === 60) {
        proxy.switchTo(here.port);
        if (how === 'is closed') end = there.close();
        else if (how === 'is cut off') proxy.cut();
        else proxy.silence();
      }
      await linked.announced();
    }
    let step = 100;
    await waitUntil(() => {
      changeNext((step += 1));
      return pages.every((page) => page.sessions === 2);
    }, 'all browsers are back, while changes go on');
    for (const { id } of jobs.slice(0, 3)) here.desk.change(id, { type: 'succeed', outputs: [] });
    await waitUntil(() => pages.every((page) => isTrue(page, here.desk)), 'all pages show everything');
    await end;
    const truth = here.desk.jobs.get(watched.id);
    if (!truth) throw new Error('it is kept');
    for (const page of pages) {
      expect(page.sessions).toBe(2);
      expect(page.detail).toEqual(detailOf(truth));
      const revisions = page.states.map((state) => Number.parseInt(state, 10));
      expect(revisions).toEqual(revisions.toSorted((a, b) => a - b));
      expect(page.list.counts).toEqual({ ...(await here.desk.counts()) });
    }
  },
);

it('B222 browsers everywhere begin anew where changes may have gone unheard', async () => {
  const here = await openInstance();
  const there = await openInstance(here.desk);
  proxy.switchTo(there.port);
  const { id } = here.desk.running('watched');
  const page = openLivePage(browse(), id);
  await waitUntil(() => page.detail !== undefined, 'the page shows the job');
  here.desk.changeUnheard(id, { type: 'succeed', outputs: [] });
  await linked.loseStream('1000-0');
  await waitUntil(() => page.detail?.state === 'succeeded', 'the page shows the end');
  expect(page.sessions).toBe(2);
});

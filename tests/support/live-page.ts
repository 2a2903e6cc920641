import { createLiveFeed } from '../../components/hooks/live-feed.ts';
import { accepts, detailAfter, listAfter, newerJob, withProgress, withSnapshot } from '../../lib/jobs/live-view.ts';
import type { JobDetail, JobList } from '../../lib/protocol/jobs.ts';
import type { TestSocket } from './open-test-front.ts';

export type LivePage = ReturnType<typeof openLivePage>;

/** What a page of one job and a page of all jobs show that stand open, folded from one socket as the pages do. */
export function openLivePage(socket: TestSocket, jobId: string) {
  const page: { list: JobList; detail: JobDetail | undefined; sessions: number; states: string[]; pictures: number[] } =
    {
      list: { jobs: [], nextCursor: null, counts: {} as JobList['counts'] },
      detail: undefined,
      sessions: 0,
      /** Of the one job, each once as it came to be shown. */
      states: [],
      /** Sizes of its previews. */
      pictures: [],
    };
  const show = (detail: JobDetail | undefined) => {
    page.detail = detail;
    const state = detail && `${detail.revision} ${detail.state}`;
    if (state !== undefined && page.states.at(-1) !== state) page.states.push(state);
  };
  let listFeed = createLiveFeed();
  let jobFeed = createLiveFeed();

  socket.on('job:changed', (event) => {
    listFeed.event(event, () => (page.list = listAfter(page.list, event, (job) => accepts({}, job))));
    if (event.jobId === jobId) jobFeed.event(event, () => show(page.detail && detailAfter(page.detail, event)));
  });
  socket.on('job:progress', (event) => {
    if (event.jobId === jobId) jobFeed.event(event, () => show(page.detail && withProgress(page.detail, event)));
  });
  socket.on('job:preview', (event) => {
    if (event.jobId === jobId) page.pictures.push(event.image.byteLength);
  });
  socket.on('connect', () => {
    page.sessions += 1;
    const [ownList, ownJob] = [(listFeed = createLiveFeed()), (jobFeed = createLiveFeed())];
    socket.emit('jobs:watch', { filter: {} }, (answer) => {
      if (!('error' in answer)) ownList.snapshot(answer, () => (page.list = withSnapshot(page.list, answer)));
    });
    socket.emit('job:watch', { jobId }, (answer) => {
      if (!('error' in answer))
        ownJob.snapshot(answer, () => show(page.detail ? newerJob(page.detail, answer.job) : answer.job));
    });
  });
  return page;
}

'use client';
import { useCallback, useEffect, useEffectEvent, useRef, useState } from 'react';
import { accepts, listAfter, withPage, withProgress, withSnapshot } from '../../lib/jobs/live-view.ts';
import type { JobFilter, JobList, JobSummary } from '../../lib/protocol/jobs.ts';
import type { BatchChangedEvent, JobChangedEvent, JobProgressEvent, JobsSnapshot } from '../../lib/protocol/socket.ts';
import { browserApi } from './browser-api.ts';
import { createLiveFeed } from './live-feed.ts';
import { useLive } from './live-store.tsx';

/** Counts are asked for again at most this often where a change does not tell what the job was before. */
const COUNTS_AFTER_MS = 1000;

/**
 * The job list: first from the server's render, then from the socket. After a new connection it is read again as far
 * as it was open. `query` is the filter as the API's query string; `ended` is the job that ended last while watched.
 */
export function useLiveJobs(first: JobList, filter: JobFilter, query: string) {
  const { socket, session, summaries } = useLive();
  const remembered = (list: JobList): JobList => ({ ...list, jobs: list.jobs.map((job) => summaries.newest(job)) });
  const [held, setHeld] = useState(() => ({ first, list: remembered(first) }));
  const [ended, setEnded] = useState<JobSummary | null>(null);
  const countsTimer = useRef<ReturnType<typeof setTimeout>>(undefined);
  if (held.first !== first) setHeld({ first, list: remembered(first) });
  const { list } = held;
  const setList = (change: (list: JobList) => JobList) => setHeld((now) => ({ ...now, list: change(now.list) }));
  const open = useEffectEvent(() => list.jobs.length);

  const refreshCounts = () => {
    countsTimer.current ??= setTimeout(() => {
      countsTimer.current = undefined;
      void browserApi()
        .then((api) => api.jobs('limit=1'))
        .then(({ counts }) => setList((now) => ({ ...now, counts })))
        .catch(() => undefined);
    }, COUNTS_AFTER_MS);
  };
  const onChanged = useEffectEvent((event: JobChangedEvent) => {
    if (event.job.revision > 0 && !list.jobs.some((job) => job.id === event.jobId)) refreshCounts();
    if (event.job.endedAt !== undefined) setEnded(event.job);
    setList((now) => listAfter(now, event, (job) => accepts(filter, job)));
  });
  /** Jobs of a new batch are not told of one by one. */
  const onBatch = useEffectEvent(({ batchId }: BatchChangedEvent) => {
    refreshCounts();
    if (filter.batch === 'none' || list.jobs.some(({ batch }) => batch?.id === batchId)) return;
    void browserApi()
      .then((api) => api.jobs(query))
      .then((page) => setList((now) => withNewest(now, page)))
      .catch(() => undefined);
  });
  const onProgress = useEffectEvent((event: JobProgressEvent) =>
    setList((now) => ({
      ...now,
      jobs: now.jobs.map((job) => (job.id === event.jobId ? withProgress(job, event) : job)),
    })),
  );
  const onSnapshot = useEffectEvent((snapshot: JobsSnapshot) => setList((now) => withSnapshot(now, snapshot)));

  const key = JSON.stringify(filter);
  useEffect(() => {
    if (!socket || session === 0) return;
    const feed = createLiveFeed();
    let watching = true;
    const changed = (event: JobChangedEvent) => feed.event(event, () => onChanged(event));
    const progress = (event: JobProgressEvent) => feed.event(event, () => onProgress(event));
    socket.on('job:changed', changed);
    const batch = (event: BatchChangedEvent) => onBatch(event);
    socket.on('job:progress', progress);
    socket.on('batch:changed', batch);
    socket.emit('jobs:watch', { filter: JSON.parse(key) as JobFilter }, async (answer) => {
      if (!watching || 'error' in answer) return;
      const whole = await readOn(answer, query, open()).catch(() => answer);
      if (watching) feed.snapshot(answer, () => onSnapshot(whole));
    });
    return () => {
      watching = false;
      socket.off('job:changed', changed);
      socket.off('job:progress', progress);
      socket.off('batch:changed', batch);
      if (socket.connected) socket.emit('jobs:unwatch', {}, () => undefined);
    };
  }, [socket, session, key, query]);
  useEffect(() => {
    for (const job of list.jobs) summaries.newest(job);
  }, [list, summaries]);
  useEffect(() => () => clearTimeout(countsTimer.current), []);

  const offer = useCallback(
    (job: JobSummary) => {
      const event = { jobId: job.id, state: job.state, job, epoch: '', seq: 0 };
      const wanted = JSON.parse(key) as JobFilter;
      setHeld((now) => ({ ...now, list: listAfter(now.list, event, (one) => accepts(wanted, one)) }));
    },
    [key],
  );
  return {
    list,
    ended,
    /** Takes in a job that the API answered with. */
    offer,
    /** Reads the next page. Rejects with `ApiError`. */
    more: async () => {
      if (!list.nextCursor) return;
      const page = await (await browserApi()).jobs(pageQuery(query, list.nextCursor));
      setList((now) => withPage(now, page));
    },
  };
}

/** The list with what a first page has and it has not, as far down as the list goes without a gap. */
function withNewest(list: JobList, page: JobList): JobList {
  const known = new Set(list.jobs.map(({ id }) => id));
  if (page.nextCursor !== null && !page.jobs.some(({ id }) => known.has(id))) return page;
  return { ...list, jobs: [...page.jobs.filter(({ id }) => !known.has(id)), ...list.jobs], counts: page.counts };
}

function pageQuery(query: string, cursor: string): string {
  const params = new URLSearchParams(query);
  params.set('cursor', cursor);
  return params.toString();
}

/** The snapshot with as many further pages as make up for `open` rows. */
async function readOn(snapshot: JobsSnapshot, query: string, open: number): Promise<JobsSnapshot> {
  let whole = snapshot;
  while (whole.nextCursor && whole.jobs.length < open) {
    const page = await (await browserApi()).jobs(pageQuery(query, whole.nextCursor));
    whole = { ...snapshot, ...withPage(whole, page) };
  }
  return whole;
}

'use client';
import { useEffect, useRef, useState } from 'react';
import { isNewer, listAfter, newerJob, withProgress, type Stamp } from '../../lib/jobs/live-view.ts';
import type { JobFilter, JobList, JobSummary } from '../../lib/protocol/jobs.ts';
import type { JobChangedEvent, JobProgressEvent, JobsSnapshot, Refusal } from '../../lib/protocol/socket.ts';
import { useConnection } from './live-store.tsx';

/** The job list, first from the server's render, then from the socket; each new connection replaces it. */
export function useLiveJobs(first: JobList, filter: JobFilter) {
  const { socket, connection } = useConnection();
  const [list, setList] = useState(first);
  const stamp = useRef<Stamp | undefined>(undefined);
  const key = JSON.stringify(filter);
  useEffect(() => setList(first), [first]);
  useEffect(() => {
    if (!socket || connection !== 'connected') return;
    let watching = true;
    const wanted = JSON.parse(key) as JobFilter;
    const accepts = (job: JobSummary) =>
      (!wanted.state || wanted.state.includes(job.state)) &&
      (!wanted.q || job.name.toLowerCase().includes(wanted.q.toLowerCase())) &&
      (!wanted.pod || job.podId === wanted.pod);
    const changed = (event: JobChangedEvent) => {
      if (!isNewer(stamp.current, event)) return;
      stamp.current = event;
      setList((held) => listAfter(held, event, accepts));
    };
    const progress = (event: JobProgressEvent) => {
      if (!isNewer(stamp.current, event)) return;
      setList((held) => ({
        ...held,
        jobs: held.jobs.map((job) => (job.id === event.jobId ? withProgress(job, event) : job)),
      }));
    };
    socket.on('job:changed', changed);
    socket.on('job:progress', progress);
    socket.emit('jobs:watch', { filter: wanted }, (answer: JobsSnapshot | Refusal) => {
      if (!watching || 'error' in answer) return;
      stamp.current = { epoch: answer.epoch, seq: answer.seq };
      setList((held) => {
        const before = new Map(held.jobs.map((job) => [job.id, job]));
        const jobs = answer.jobs.map((job) => newerJob(before.get(job.id) ?? job, job));
        return { jobs, nextCursor: answer.nextCursor, counts: answer.counts };
      });
    });
    return () => {
      watching = false;
      stamp.current = undefined;
      socket.off('job:changed', changed);
      socket.off('job:progress', progress);
      socket.emit('jobs:unwatch', {}, () => undefined);
    };
  }, [socket, connection, key]);
  return { list, setList };
}

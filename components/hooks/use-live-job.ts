'use client';
import { useEffect, useEffectEvent, useState } from 'react';
import { detailAfter, newerJob, withProgress } from '../../lib/jobs/live-view.ts';
import type { JobDetail } from '../../lib/protocol/jobs.ts';
import type { JobChangedEvent, JobPreviewEvent, JobProgressEvent } from '../../lib/protocol/socket.ts';
import { createLiveFeed } from './live-feed.ts';
import { useLive } from './live-store.tsx';

/** One job and the object URL of its newest preview. `offer` takes in an answer of the API. */
export function useLiveJob(first: JobDetail) {
  const { socket, session, summaries, details } = useLive();
  const [job, setJob] = useState(() => details.newest(first));
  const [preview, setPreview] = useState<{ promptId: string | null; url: string } | null>(null);
  const jobId = first.id;
  const onPicture = useEffectEvent((url: string) => setPreview({ promptId: job.promptId, url }));
  useEffect(() => {
    if (!socket || session === 0) return;
    const feed = createLiveFeed();
    const body = { jobId };
    const offer = (given: JobDetail) => setJob((held) => newerJob(held, given));
    const changed = (event: JobChangedEvent) => {
      if (event.jobId === jobId) feed.event(event, () => setJob((held) => detailAfter(held, event)));
    };
    const progress = (event: JobProgressEvent) => {
      if (event.jobId === jobId) feed.event(event, () => setJob((held) => withProgress(held, event)));
    };
    const picture = (event: JobPreviewEvent) => {
      if (event.jobId !== jobId) return;
      onPicture(URL.createObjectURL(new Blob([event.image], { type: event.contentType })));
    };
    let watching = true;
    socket.on('job:changed', changed);
    socket.on('job:progress', progress);
    socket.on('job:preview', picture);
    socket.emit('job:watch', body, (answer) => {
      if (watching && !('error' in answer)) feed.snapshot(answer, () => offer(answer.job));
    });
    return () => {
      watching = false;
      socket.off('job:changed', changed);
      socket.off('job:progress', progress);
      socket.off('job:preview', picture);
      if (socket.connected) socket.emit('job:unwatch', body, () => undefined);
    };
  }, [socket, session, jobId]);
  useEffect(() => {
    details.newest(job);
    summaries.newest(job);
  }, [job, details, summaries]);
  useEffect(() => (preview ? () => URL.revokeObjectURL(preview.url) : undefined), [preview]);
  return {
    job,
    offer: (given: JobDetail) => setJob((held) => newerJob(held, given)),
    /** Only of the attempt that runs. */
    preview: preview && job.promptId !== null && preview.promptId === job.promptId ? preview.url : null,
  };
}

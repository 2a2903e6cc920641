'use client';
import { useEffect, useRef, useState } from 'react';
import { detailAfter, isNewer, newerJob, withProgress, type Stamp } from '../../lib/jobs/live-view.ts';
import { isTerminal } from '../../lib/jobs/job.ts';
import type { JobDetail } from '../../lib/protocol/jobs.ts';
import type {
  JobChangedEvent,
  JobPreviewEvent,
  JobProgressEvent,
  JobSnapshot,
  Refusal,
} from '../../lib/protocol/socket.ts';
import { useConnection } from './live-store.tsx';

/** One job and the object URL of its newest preview while it runs. */
export function useLiveJob(first: JobDetail) {
  const { socket, connection } = useConnection();
  const [job, setJob] = useState(first);
  const [preview, setPreview] = useState<string | null>(null);
  const stamp = useRef<Stamp | undefined>(undefined);
  useEffect(() => {
    if (!socket || connection !== 'connected') return;
    let watching = true;
    const body = { jobId: first.id };
    const changed = (event: JobChangedEvent) => {
      if (event.jobId !== first.id || !isNewer(stamp.current, event)) return;
      stamp.current = event;
      setJob((held) => detailAfter(held, event));
    };
    const progress = (event: JobProgressEvent) => {
      if (event.jobId === first.id && isNewer(stamp.current, event)) setJob((held) => withProgress(held, event));
    };
    const picture = (event: JobPreviewEvent) => {
      if (event.jobId !== first.id) return;
      setPreview(URL.createObjectURL(new Blob([event.image], { type: event.contentType })));
    };
    socket.on('job:changed', changed);
    socket.on('job:progress', progress);
    socket.on('job:preview', picture);
    socket.emit('job:watch', body, (answer: JobSnapshot | Refusal) => {
      if (!watching || 'error' in answer) return;
      stamp.current = { epoch: answer.epoch, seq: answer.seq };
      setJob((held) => newerJob(held, answer.job));
    });
    return () => {
      watching = false;
      stamp.current = undefined;
      socket.off('job:changed', changed);
      socket.off('job:progress', progress);
      socket.off('job:preview', picture);
      socket.emit('job:unwatch', body, () => undefined);
    };
  }, [socket, connection, first.id]);
  useEffect(() => (preview ? () => URL.revokeObjectURL(preview) : undefined), [preview]);
  return { job, setJob, preview: isTerminal(job.state) ? null : preview };
}

'use client';
import { startTransition, useCallback, useEffect, useEffectEvent, useState } from 'react';
import type { BatchView } from '../../lib/protocol/batches.ts';
import type { BatchChangedEvent, JobChangedEvent, JobProgressEvent } from '../../lib/protocol/socket.ts';
import { browserApi } from '../hooks/browser-api.ts';
import { useLive } from '../hooks/live-store.tsx';
import { cellJob, cellsOf, type CellJob, type Cells } from './cell-job.ts';

/** What is told of a batch's jobs is shown this often: a thousand cells are not drawn for each word. */
const SHOWN_EVERY_MS = 300;

/** What the server rendered. */
interface FirstSheet {
  first: BatchView;
  firstJobs: readonly CellJob[];
  areAll: boolean;
}

/**
 * A batch and its jobs: first from the server's render, then from the API where that had only the first, then from the
 * socket; read anew after each new connection. `readTo`: from this place on, jobs are not known yet.
 */
export function useLiveSheet({ first, firstJobs, areAll }: FirstSheet) {
  const { socket, session } = useLive();
  const [batch, setBatch] = useState(first);
  const [cells, setCells] = useState<Cells>(() => cellsOf(firstJobs));
  const [readTo, setReadTo] = useState(areAll ? Infinity : (firstJobs.at(-1)?.place ?? -1) + 1);
  const { id } = first;

  // The plan never changes: with the one that is held, nothing that is laid out by it is laid out again.
  const offer = useCallback((next: BatchView) => setBatch(({ plan }) => ({ ...next, plan })), []);
  const readBatch = useCallback(
    () =>
      browserApi()
        .then((api) => api.batch(id))
        .then(offer)
        .catch(() => undefined),
    [id, offer],
  );
  const readJobs = useCallback(
    () =>
      browserApi()
        .then((api) => api.batchJobs(id))
        .then((jobs) => {
          startTransition(() => {
            setCells((held) => cellsOf(jobs.map(cellJob), held));
            setReadTo(Infinity);
          });
        })
        .catch(() => undefined),
    [id],
  );
  useEffect(() => {
    if (!areAll) void readJobs();
  }, [areAll, readJobs]);
  const take = useEffectEvent((changed: readonly CellJob[], progress: ReadonlyMap<string, JobProgressEvent>) =>
    setCells((held) => withProgress(cellsOf(changed, held), progress)),
  );
  useEffect(() => {
    if (!socket || session === 0) return;
    let changed: CellJob[] = [];
    let progress = new Map<string, JobProgressEvent>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        take(changed, progress);
        changed = [];
        progress = new Map();
      }, SHOWN_EVERY_MS);
    };
    const onChanged = ({ job }: JobChangedEvent) => {
      const cell = job.batch?.id === id ? cellJob(job) : undefined;
      if (!cell) return;
      changed.push(cell);
      progress.delete(cell.id);
      soon();
    };
    const onProgress = (event: JobProgressEvent) => {
      progress.set(event.jobId, event);
      soon();
    };
    const onBatch = ({ batchId }: BatchChangedEvent) => {
      if (batchId === id) void readBatch();
    };
    socket.on('job:changed', onChanged);
    socket.on('job:progress', onProgress);
    socket.on('batch:changed', onBatch);
    socket.emit('jobs:watch', { filter: { batch: id } }, () => {
      // What happened before this connection listened was told to nobody here.
      void readJobs();
      void readBatch();
    });
    return () => {
      clearTimeout(timer);
      socket.off('job:changed', onChanged);
      socket.off('job:progress', onProgress);
      socket.off('batch:changed', onBatch);
      if (socket.connected) socket.emit('jobs:unwatch', {}, () => undefined);
    };
  }, [socket, session, id, readBatch, readJobs]);
  return { batch, cells, readTo, offer };
}

function withProgress(cells: Cells, progress: ReadonlyMap<string, JobProgressEvent>): Cells {
  const next = new Map(cells);
  for (const [place, job] of cells) {
    const event = progress.get(job.id);
    if (event && job.promptId === event.live.promptId)
      next.set(place, { ...job, progress: Math.max(job.progress ?? 0, event.progress), live: event.live });
  }
  return next;
}

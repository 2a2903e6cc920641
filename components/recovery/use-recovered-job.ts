'use client';
import { useEffect, useState } from 'react';
import { newerJob } from '../../lib/jobs/live-view.ts';
import type { JobSummary } from '../../lib/protocol/jobs.ts';
import { browserApi } from '../hooks/browser-api.ts';

/**
 * How a job that was once recovered is now: `live` where the page's list holds it, else read when the row is shown.
 * Undefined until it is known, `gone` once it is no longer kept.
 */
export function useRecoveredJob(jobId: string, live: JobSummary | undefined) {
  const [read, setRead] = useState<JobSummary | 'gone'>();
  const isLive = live !== undefined;
  useEffect(() => {
    if (isLive) return;
    let wanted = true;
    void browserApi()
      .then((api) => api.job(jobId))
      .then(
        (job) => wanted && setRead(job),
        (error: unknown) => wanted && isMissing(error) && setRead('gone'),
      );
    return () => {
      wanted = false;
    };
  }, [jobId, isLive]);
  const job = live && read && read !== 'gone' ? newerJob(read, live) : (live ?? read);
  return { job, offer: setRead };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'status' in error && error.status === 404;
}

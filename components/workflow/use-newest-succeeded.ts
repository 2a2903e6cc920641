'use client';
import { useEffect, useState } from 'react';
import type { JobSummary } from '../../lib/protocol/jobs.ts';
import { browserApi } from '../hooks/browser-api.ts';

/** How many of the newest jobs an estimate is made from. */
const LOOKED_AT = 50;

/** The newest jobs that succeeded, once they are wanted; none while that is not known. */
export function useNewestSucceeded(wanted: boolean): readonly JobSummary[] {
  const [jobs, setJobs] = useState<readonly JobSummary[]>([]);
  useEffect(() => {
    if (!wanted) return;
    let current = true;
    void browserApi()
      .then((api) => api.jobs(`state=succeeded&limit=${LOOKED_AT}`))
      // Without an estimate the number of jobs is said alone.
      .then(
        (list) => current && setJobs(list.jobs),
        () => undefined,
      );
    return () => {
      current = false;
    };
  }, [wanted]);
  return jobs;
}

'use client';
import { useEffect, useEffectEvent } from 'react';
import type { JobOutlook } from '../../lib/protocol/jobs.ts';
import { usePolled } from './use-polled.ts';

const EVERY_MS = 15_000;

/** What a retry of the job would meet: asked at once and then every 15 s while the page is seen; null until it is known. */
export function useOutlook(jobId: string): JobOutlook | null {
  const { value, soon } = usePolled<JobOutlook | null>(
    null,
    (api) => api.outlook(jobId),
    () => EVERY_MS,
  );
  const atOnce = useEffectEvent(() => soon(0));
  useEffect(() => atOnce(), []);
  return value;
}

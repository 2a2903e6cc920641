import type { JobSummary } from '../../lib/protocol/jobs.ts';
import { tickingText } from '../time/time-text.ts';

type Waiting = Pick<JobSummary, 'next' | 'error' | 'waitsFor'>;

/** When and how a job is tried again, and why it has to be, `leftMs` before its time; or what it waits for before that. */
export function retryLine({ next, error, waitsFor }: Waiting, leftMs: number): string {
  if (waitsFor !== undefined) return waitsFor;
  const lead = next?.freeMemory ? 'Memory is freed, then again' : 'Again';
  const when = leftMs > 0 ? `in ${tickingText(leftMs + 999)}` : 'as soon as a pod can take it';
  return error ? `${lead} ${when}: ${error.message}` : `${lead} ${when}`;
}

/** That files of a job which succeeded could not be copied yet. */
export function filesLine({ filesOnPod }: Pick<JobSummary, 'filesOnPod'>): string {
  return filesOnPod === 1 ? '1 file still on the pod' : `${filesOnPod} files still on the pod`;
}

import type { JobSummary } from '../../lib/protocol/jobs.ts';

/** A job in the tab's title: how it stands, then its name. */
export function jobTitle(job: Pick<JobSummary, 'state' | 'progress' | 'name'>): string {
  return `${mark(job)} ${job.name} · Podium`;
}

function mark(job: Pick<JobSummary, 'state' | 'progress'>): string {
  if (job.state === 'succeeded') return '✓';
  if (job.state === 'failed') return '✕';
  if (job.state === 'cancelled') return '⊘';
  return job.state === 'running' ? `▶ ${Math.floor(job.progress ?? 0)} %` : '…';
}

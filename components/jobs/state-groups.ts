import type { JobState } from '../../lib/jobs/job.ts';
import type { JobCounts } from '../../lib/protocol/jobs.ts';

/** The states as people look for them. The id stands in the URL: `/?state=active`. */
export const STATE_GROUPS = [
  { id: 'active', word: 'Active', states: ['queued', 'submitting', 'uncertain', 'running', 'retry_wait'] },
  { id: 'succeeded', word: 'Succeeded', states: ['succeeded'] },
  { id: 'failed', word: 'Failed', states: ['failed'] },
  { id: 'cancelled', word: 'Cancelled', states: ['cancelled'] },
] as const satisfies readonly { id: string; word: string; states: readonly JobState[] }[];
export type StateGroup = (typeof STATE_GROUPS)[number]['id'];

export function countOf(counts: JobCounts, states: readonly JobState[]): number {
  return states.reduce((sum, state) => sum + counts[state], 0);
}

/** The choice in the page's URL. */
export interface ListChoice {
  group?: StateGroup;
  q?: string;
  pod?: string;
}

/** Whether failures by cause stand above what is chosen: they are of all pods and names. */
export function tellsOfCauses({ group, q, pod }: ListChoice): boolean {
  return (group === undefined || group === 'failed') && !q && !pod;
}

/** The page's address for a choice. */
export function listHref(choice: ListChoice): string {
  const params = new URLSearchParams({
    ...(choice.group && { state: choice.group }),
    ...(choice.q && { q: choice.q }),
    ...(choice.pod && { pod: choice.pod }),
  });
  const query = params.toString();
  return query ? `/?${query}` : '/';
}

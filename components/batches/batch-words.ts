import type { JobState } from '../../lib/jobs/job-state.ts';
import type { BatchView } from '../../lib/protocol/batches.ts';

/** A part of a batch's bar, in the order in which it stands there. */
export interface BatchPart {
  id: 'succeeded' | 'running' | 'waiting' | 'failed' | 'cancelled' | 'gone';
  /** In lower case, after a number. */
  word: string;
  count: number;
}

const PARTS: readonly { id: BatchPart['id']; word: string; states: readonly JobState[] }[] = [
  { id: 'succeeded', word: 'succeeded', states: ['succeeded'] },
  { id: 'running', word: 'running', states: ['submitting', 'uncertain', 'running'] },
  { id: 'failed', word: 'failed', states: ['failed'] },
  { id: 'cancelled', word: 'cancelled', states: ['cancelled'] },
  { id: 'waiting', word: 'waiting', states: ['queued', 'retry_wait'] },
];

/** How many jobs of a batch are how; parts without jobs are left out. Those that history no longer keeps are `gone`. */
export function batchParts({ counts, total }: Pick<BatchView, 'counts' | 'total'>): BatchPart[] {
  const parts: BatchPart[] = PARTS.map(({ id, word, states }) => ({
    id,
    word,
    count: states.reduce((sum, state) => sum + counts[state], 0),
  }));
  const kept = parts.reduce((sum, { count }) => sum + count, 0);
  return [...parts, { id: 'gone' as const, word: 'no longer kept', count: total - kept }].filter(
    ({ count }) => count > 0,
  );
}

export function jobsText(count: number): string {
  return count === 1 ? '1 job' : `${count.toLocaleString('en')} jobs`;
}

/** What a batch does, by word: for its badge. */
export function batchWord(batch: Pick<BatchView, 'counts' | 'ended'>): { word: string; state: JobState } {
  const { counts, ended } = batch;
  if (!ended) {
    const works = counts.running + counts.submitting + counts.uncertain > 0;
    return works ? { word: 'Running', state: 'running' } : { word: 'Waiting', state: 'queued' };
  }
  if (counts.failed > 0) return { word: counts.succeeded > 0 ? 'Partly failed' : 'Failed', state: 'failed' };
  if (counts.cancelled > 0) return { word: 'Cancelled', state: 'cancelled' };
  return { word: 'Succeeded', state: 'succeeded' };
}

/** What is on the way or wrong, for the row of a list: “12 running · 3 failed”; empty where there is nothing of it. */
export function batchTrouble(batch: Pick<BatchView, 'counts' | 'total'>): string {
  return batchParts(batch)
    .filter(({ id }) => id === 'running' || id === 'failed')
    .map(({ count, word }) => `${count.toLocaleString('en')} ${word}`)
    .join(' · ');
}

interface Dated {
  id: string;
  createdAt: string;
}
export interface Page<T> {
  items: readonly T[];
  /** Whether older ones were not read yet. */
  more: boolean;
}

/**
 * Jobs and batches as one list, newest first. Of both only what is newer than the end of either list that goes on: what
 * stands between is not known yet.
 */
export function mergedRows<J extends Dated, B extends Dated>(
  jobs: Page<J>,
  batches: Page<B>,
): ({ job: J } | { batch: B })[] {
  const end = [endOf(jobs), endOf(batches)].toSorted().at(-1) ?? '';
  const rows = [
    ...jobs.items.map((job) => ({ at: job.createdAt, id: job.id, row: { job } })),
    ...batches.items.map((batch) => ({ at: batch.createdAt, id: batch.id, row: { batch } })),
  ];
  return rows
    .filter(({ at }) => at >= end)
    .toSorted((a, b) => (a.at === b.at ? (a.id < b.id ? 1 : -1) : a.at < b.at ? 1 : -1))
    .map(({ row }) => row);
}

/** The moment below which a list is not known; empty where it is known whole. */
function endOf<T extends Dated>({ items, more }: Page<T>): string {
  return more ? (items.at(-1)?.createdAt ?? '') : '';
}

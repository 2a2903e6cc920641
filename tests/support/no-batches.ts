import type { BatchDesk } from '../../server/jobs/batches/batch-desk.ts';
import { DeskError } from '../../server/jobs/desk.ts';

/** A desk that has no batches and takes none. */
export const noBatches: BatchDesk = {
  submit: async () => {
    throw new DeskError('not_ready', 'This desk takes no batches.');
  },
  get: async () => undefined,
  list: async () => ({ batches: [], nextCursor: null }),
  jobs: (id) => Promise.reject(missing(id)),
  cancel: (id) => Promise.reject(missing(id)),
  retry: (id) => Promise.reject(missing(id)),
};

function missing(id: string): DeskError {
  return new DeskError('batch_not_found', `There is no batch ${id}.`);
}

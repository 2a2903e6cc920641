import type { LeaseBoard } from './jobs/leases/lease.ts';
import type { StoreWarning } from '../lib/protocol/system.ts';
import { SharedFolder } from './outputs/shared-folder.ts';

const LOOK_EVERY_MS = 10_000;

/** Watches whether all instances keep their outputs in one folder, and says so where they do not. */
export class SharedOutputs {
  private readonly folder: SharedFolder;
  private warning: StoreWarning | undefined;
  private lookedAt = -Infinity;

  constructor(outputsDir: string, instanceId: string) {
    this.folder = new SharedFolder(outputsDir, instanceId);
  }

  join(): Promise<void> {
    return this.folder.join();
  }

  leave(): Promise<void> {
    return this.folder.leave();
  }

  /** Looks at most every ten seconds. */
  async look(board: LeaseBoard): Promise<void> {
    if (performance.now() - this.lookedAt < LOOK_EVERY_MS) return;
    this.lookedAt = performance.now();
    const strangers = await this.folder.strangers(board.members.map(({ id }) => id));
    const names = board.members.filter(({ id }) => strangers.includes(id)).map(({ name }) => name);
    this.warning =
      names.length === 0
        ? undefined
        : {
            code: 'unshared_outputs',
            message: `${names.join(', ')} keeps outputs in another folder, so this instance cannot show them: give all instances one shared DATA_DIR.`,
          };
  }

  warnings(): StoreWarning[] {
    return this.warning ? [this.warning] : [];
  }
}

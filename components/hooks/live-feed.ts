import { isNewer, type Stamp } from '../../lib/jobs/live-view.ts';

/** More events than this before the snapshot are not kept: the snapshot is asked for at once and comes soon. */
const MAX_WAITING = 1000;

/** Puts a snapshot and the events around it in order: those that came before the snapshot but are newer come after it. */
export interface LiveFeed {
  /** Runs `apply` now where the event is newer than the snapshot, after the snapshot where that is yet to come. */
  event(stamp: Stamp, apply: () => void): void;
  snapshot(stamp: Stamp, apply: () => void): void;
}

export function createLiveFeed(): LiveFeed {
  let seen: Stamp | undefined;
  let waiting: { stamp: Stamp; apply: () => void }[] = [];
  return {
    event(stamp, apply) {
      if (!seen) {
        if (waiting.length < MAX_WAITING) waiting.push({ stamp, apply });
      } else if (isNewer(seen, stamp)) apply();
    },
    snapshot(stamp, apply) {
      seen = stamp;
      apply();
      const due = waiting.filter((one) => isNewer(stamp, one.stamp));
      waiting = [];
      for (const one of due) one.apply();
    },
  };
}

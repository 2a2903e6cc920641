import type { PodTiming } from '../../server/comfy/timing.ts';

/**
 * Times of the proof, in milliseconds. Faults and waits last about a tenth of those in the field, and so do the times of both
 * runners that are compared with them; leases are four tenths, since two cores carry several desks at once.
 */
export const SCALE = {
  leaseMs: 800,
  /** A frozen owner: 60 s in the field. */
  freezeMs: [4000, 6000],
  /** A blocked loop: 45 s in the field. */
  blockMs: [3500, 4500],
  /** A process that is killed every 2 s; for 60 s in the field. */
  killEveryMs: [1500, 2200],
  killForMs: 8000,
  progressIntervalMs: 100,
  retryBackoffBaseMs: 100,
  /** BullMQ's documented defaults of 30 s for lock and stalled check, and 1 s for its example's backoff. */
  bullmq: { lockMs: 3000, stalledMs: 3000, backoffMs: 100, attempts: 3, maxStalled: 1 },
  /** Longest wait of the plain handler for an answer, and for the prompt's end. */
  handler: { submitMs: 3000, endMs: 12_000, lookMs: 150 },
} as const;

export const POD_TIMING: PodTiming = {
  connectMs: 1000,
  callMs: 2000,
  probeMs: 1500,
  submitMs: 3000,
  lookMs: 300,
  absentMs: 1000,
  cancelledAbsentMs: 300,
  settleDirectMs: 600,
  settleProxyMs: 3000,
  settleLookMs: 150,
  outputIdleMs: 3000,
  inputIdleMs: 3000,
  deafMs: 1000,
  maxDeafMs: 6000,
  giveUpMs: 60_000,
};

/** Time limits of a pod client, all in milliseconds. Tests shorten them. */
export interface PodTiming {
  /** TCP and TLS. */
  connectMs: number;
  /** A whole read, from its first byte out to its last byte in. */
  callMs: number;
  /** The health probe. */
  probeMs: number;
  /** A whole `POST /prompt`: validation runs on the pod's event loop, so a busy pod answers late. */
  submitMs: number;
  /** From the start of one look at a followed prompt to the next, whatever the socket says meanwhile. */
  lookMs: number;
  /** How long a followed prompt must be in neither queue nor history before that is believed. */
  absentMs: number;
  /** The same for a prompt that Podium itself has asked the pod to drop. */
  cancelledAbsentMs: number;
  /** After a submission of unknown fate, before absence counts. */
  settleDirectMs: number;
  /** The same where a proxy may still hold the request. */
  settleProxyMs: number;
  settleLookMs: number;
  /** A download may pause this long. */
  outputIdleMs: number;
  /** An upload of an input file may pause this long; the pod may take as long to write it when it has arrived. */
  inputIdleMs: number;
  /** A prompt that runs without a frame about it for this long makes the socket suspect; doubles with each mending. */
  deafMs: number;
  maxDeafMs: number;
  /** `executeWorkflow` and `queueWorkflow` give a silent pod up after this. */
  giveUpMs: number;
}

export const DEFAULT_TIMING: PodTiming = {
  connectMs: 5000,
  callMs: 15_000,
  probeMs: 8000,
  submitMs: 30_000,
  lookMs: 1500,
  absentMs: 5000,
  cancelledAbsentMs: 1000,
  settleDirectMs: 5000,
  settleProxyMs: 30_000,
  settleLookMs: 1000,
  outputIdleMs: 30_000,
  inputIdleMs: 60_000,
  deafMs: 5000,
  maxDeafMs: 60_000,
  giveUpMs: 600_000,
};

/** Largest bodies taken into memory, in bytes after decompression. */
export const MAX_BYTES = {
  small: 1_000_000,
  models: 8_000_000,
  objectInfo: 64_000_000,
  submitAnswer: 4_000_000,
  queue: 64_000_000,
  history: 64_000_000,
} as const;

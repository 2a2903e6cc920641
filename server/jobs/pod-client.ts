import type { Readable } from 'node:stream';
import { z } from 'zod';
import type { Prompt } from '../../lib/workflow/prompt.ts';
import { jobErrorCodeSchema } from '../../lib/jobs/failure-rules.ts';
import { isoTimeSchema } from '../../lib/jobs/job.ts';
import type { JobError, MissingThing } from '../../lib/jobs/job-error.ts';
import type { JobProgress } from '../../lib/jobs/progress.ts';
import type { PodOutput, PromptEnd, PromptListener, PromptWhereabouts } from './pod-events.ts';

/** `GET /system_stats`, reduced to what Podium uses. Sizes in bytes. */
export interface PodStats {
  version: string;
  ramTotal: number;
  ramFree: number;
  devices: { name: string; type: string; vramTotal: number; vramFree: number }[];
}

/** `GET /queue`, reduced. `jobId` is ours, read back from `extra_data.podium`. */
export interface PodQueueEntry {
  number: number;
  promptId: string;
  jobId?: string;
}
export interface PodQueue {
  running: PodQueueEntry[];
  pending: PodQueueEntry[];
}

export interface SubmitRequest {
  promptId: string;
  prompt: Prompt;
  jobId: string;
  attempt: number;
  /** The desk's id and the job's name, told to the pod so that a desk that lost its record knows the prompt again. */
  desk?: string;
  name?: string;
  /** The saved form of the workflow, put into the files' metadata by ComfyUI when given. */
  workflow?: unknown;
  /** Asked when the connection stands and not one byte has left: false holds the prompt back. */
  mayStart?: () => boolean;
}

/** Where a prompt is; said only of one that the pod has or had. */
export type KnownWhereabouts = Exclude<PromptWhereabouts, { kind: 'absent' }>;

/** A prompt on a pod that carries `extra_data.podium`, of whatever desk. What it says is not to be trusted. */
export interface SurveyedPrompt {
  promptId: string;
  jobId: string;
  /** 1 where the pod does not tell. */
  attempt: number;
  /** Absent on prompts of an older Podium. */
  desk?: string;
  name?: string;
  where: KnownWhereabouts;
  /** Milliseconds of the epoch by the pod's clock; absent where it has not ended or does not tell. */
  endedAt?: number;
  /** Prompt and saved workflow; undefined where the prompt cannot be read as one. */
  work(): { prompt: Prompt; workflow?: unknown } | undefined;
}

export interface PodSurvey {
  /** By prompt id, of those that were asked for and found. One that is missing may still be on its way to history. */
  found: ReadonlyMap<string, KnownWhereabouts>;
  /** Everything with `extra_data.podium` that was seen: the whole queue, and the newest of history where it was read. */
  podium: readonly SurveyedPrompt[];
}

/** What `GET /object_info` answered. */
export interface NodeInfo {
  /** SHA-256 of the body, hex: the same for the same answer. */
  digest: string;
  /** Size of the body. */
  bytes: number;
  /** Every node class by name, as the pod describes it. @throws PodCallError where it is not that */
  parse(): Record<string, unknown>;
}

/** What one `POST /prompt` came to; the table of §2 of the protocol page. Never thrown, always returned. */
export type SubmitOutcome =
  | { kind: 'accepted'; number?: number; warnings: string[] }
  /** ComfyUI refused the prompt itself: permanent on this pod. */
  | { kind: 'rejected'; error: JobError }
  /** Certainly not taken and the pod never answered as ComfyUI: refused connection, DNS, TLS, a proxy's 404/403/413. */
  | { kind: 'not_sent'; error: JobError }
  /** Certainly not taken, by an answer: 429 (with `retryAfterMs` when it said so) or 401/403 of credentials. */
  | { kind: 'refused'; error: JobError; retryAfterMs?: number }
  /** Not one byte left, because `mayStart` said no. */
  | { kind: 'withheld' }
  /** May have been taken. The only way on is `settle`. */
  | { kind: 'unknown'; reason: string };

/** What looking for a prompt of unknown fate came to. */
export type SettleOutcome =
  | { kind: 'present'; whereabouts: Exclude<PromptWhereabouts, { kind: 'absent' }> }
  /** Absent in two reads after the settle time: it may be posted again, with the same id, on this pod only. */
  | { kind: 'absent' }
  /** The pod has proven to have restarted since: its memory of the prompt, if any, is gone. */
  | { kind: 'forgotten' };

/** A file for a pod's input folder. */
export interface InputFile {
  /** Plain: letters, digits, dots and dashes. */
  name: string;
  /** As a person calls it. */
  title: string;
  bytes: number;
  open(): Promise<Readable>;
}

/** What giving a file to a pod came to. Sending it again, anywhere, does no harm. */
export type InputOutcome =
  /** `name`: what a prompt names it by on this pod. */
  { kind: 'there'; name: string } | Extract<SubmitOutcome, { kind: 'not_sent' | 'refused' }>;

export type CancelOutcome =
  /** The pod was told; look again to see it hold. */
  | { kind: 'asked' }
  /** It is not on the pod, or it has ended. */
  | { kind: 'not_there' }
  /** The pod's interrupt is not targeted and another prompt runs: nothing was sent. */
  | { kind: 'withheld' };

export type LinkState =
  /** `socket` events arrive. `polling`: REST works, the socket does not. `down`: neither. */
  'connecting' | 'socket' | 'polling' | 'down';

/** A probe that did not find a usable ComfyUI. */
export type ProbeFailure = {
  kind: 'unreachable' | 'booting' | 'unauthorized' | 'not_comfyui';
  reason: string;
  retryAfterMs?: number;
};
export type ProbeResult = { ok: true; stats: PodStats } | ({ ok: false } & ProbeFailure);

export interface OpenedOutput {
  body: Readable;
  /** Bytes the pod announced for this body, if it did. */
  length?: number;
  /** First byte of the body within the file: above 0 only when the pod honoured the range asked for. */
  offset: number;
}

/** What survives a restart of Podium about a pod; kept by the store. */
export interface PodMemory {
  clientId: string;
  /** Highest `number` seen; a lower one later proves a restart. */
  highestNumber?: number;
  /** A prompt known to be in the pod's history; its disappearance together with an outage proves a restart. */
  witnessPromptId?: string;
}

/** Jobs of one pod whose files are remembered as still being there. */
export const MAX_JOBS_WITH_FILES = 1000;
const MAX_KEPT_ERRORS = 20;

const keptErrorSchema = z.object({
  at: isoTimeSchema,
  code: jobErrorCodeSchema,
  message: z.string(),
  jobId: z.string().optional(),
});

/** What the driver of a pod found out about it that outlives the driver; kept by the store beside `PodMemory`. */
export const podConditionSchema = z.object({
  /** Why it is kept from work until it restarts or a person acts. `since` is ISO 8601. */
  trouble: z
    .object({ state: z.enum(['quarantined', 'unauthorized']), reason: z.string(), since: isoTimeSchema })
    .optional(),
  /** The circuit breaker where it is not closed: failures in a row and, in milliseconds of the epoch, when it opened. */
  breaker: z.object({ failures: z.number().int().nonnegative(), openedAt: z.number() }).optional(),
  /** Jobs that succeeded with files still on the pod, oldest first. */
  jobsWithFiles: z
    .array(z.string())
    .transform((ids) => ids.slice(0, MAX_JOBS_WITH_FILES))
    .optional(),
  /** Newest failures that say something about the pod, newest first. One of a code this version does not know is left out. */
  lastErrors: z
    .array(keptErrorSchema.nullable().catch(null))
    .transform((errors) => errors.flatMap((error) => error ?? []).slice(0, MAX_KEPT_ERRORS))
    .optional(),
  /** ISO 8601: the newest of a person's orders that was carried out. */
  ordersDoneAt: isoTimeSchema.optional(),
});
export type PodCondition = z.infer<typeof podConditionSchema>;

/**
 * Port to one pod. Every call ends within seconds whatever the pod does, except `follow` and `putInput`, which
 * end with their work or with their signal. Calls other than `probe`, `submit` reject with `PodCallError` when the pod cannot be asked.
 */
export interface PodClient {
  readonly podId: string;
  readonly baseUrl: string;
  /** Opens the socket and begins to watch. `memory.clientId` is used for the socket and for every submission. */
  start(memory: PodMemory, onMemory: (memory: PodMemory) => void): void;
  stop(): Promise<void>;
  /** Present link and a listener for its changes; `reconnected` is called after each regained socket. */
  link(): LinkState;
  onLink(listener: (link: LinkState) => void): () => void;
  probe(): Promise<ProbeResult>;
  queue(): Promise<PodQueue>;
  /** File names in one model folder (`checkpoints`, `loras`, …): `GET /models/{folder}`. */
  models(folder: string): Promise<string[]>;
  whereabouts(promptId: string): Promise<PromptWhereabouts>;
  /**
   * Where these prompts are, and what else of Podium's is on the pod: one read of the queue; history only where a prompt
   * is not in the queue or `history` asks for its newest entries.
   */
  survey(promptIds: readonly string[], options?: { history?: boolean }): Promise<PodSurvey>;
  /** A `submit` will follow in a moment: what it needs may be made ready, nothing of it is sent. */
  expectSubmit(): void;
  submit(request: SubmitRequest): Promise<SubmitOutcome>;
  settle(promptId: string, signal: AbortSignal): Promise<SettleOutcome>;
  /** After a second post of the same id: deletes the pending copy where the id stands in the queue twice. */
  dropDuplicate(promptId: string): Promise<void>;
  /**
   * Follows a prompt that the pod has, by socket and by polling, until it ends. The end is known at most 3 s after the
   * pod knows it while the pod answers at all. `from` continues a bar that an earlier process left; `known` is where a
   * survey has just found it, so that the first look can wait.
   */
  follow(
    target: { promptId: string; prompt: Prompt; from?: JobProgress; known?: KnownWhereabouts },
    listener: PromptListener,
    signal: AbortSignal,
  ): Promise<PromptEnd>;
  /** Whether the pod has proven to have restarted since it was given this prompt, and knows it no longer. */
  hasForgotten(promptId: string): Promise<boolean>;
  cancel(promptId: string): Promise<CancelOutcome>;
  /**
   * Deletes a prompt that waits in the pod's queue; one that runs is left alone, whenever it began to. @returns whether it
   * is certainly not on the pod now, and has not ended there
   */
  withdraw(promptId: string): Promise<boolean>;
  /** Whether the pod has proven to have restarted since this was last asked, or since the memory given to `start`. */
  hasRestarted(): Promise<boolean>;
  free(options: { unloadModels: boolean; freeMemory: boolean }): Promise<void>;
  /**
   * Which of these the pod lacks, by its `object_info`. One that cannot be judged there is not said to be lacking.
   * Does not need `start`.
   */
  lacks(things: readonly MissingThing[]): Promise<MissingThing[]>;
  /** Every node class the pod has, with what its inputs may be. Does not need `start`. */
  nodeInfo(): Promise<NodeInfo>;
  /** Whether a file lies directly in the pod's input folder; where `bytes` is given, with that size. */
  hasInput(name: string, bytes?: number): Promise<boolean>;
  /** Streams a file into the pod's input folder; only pauses are bounded. Rejects with the signal's reason alone. */
  putInput(file: InputFile, signal: AbortSignal): Promise<InputOutcome>;
  /** Opens `/view` for one file. Idle time-out and size bound are the client's. */
  openOutput(output: Extract<PodOutput, { kind: 'file' }>, offset: number): Promise<OpenedOutput>;
}

/** A call that a pod did not answer as it should. `retryable` says whether the same call may succeed later. */
export class PodCallError extends Error {
  readonly code = 'pod_call_failed';
  readonly kind: 'unreachable' | 'unauthorized' | 'not_found' | 'refused' | 'bad_answer' | 'too_large';
  constructor(kind: PodCallError['kind'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PodCallError';
    this.kind = kind;
  }
  get retryable(): boolean {
    return this.kind === 'unreachable' || this.kind === 'bad_answer';
  }
}

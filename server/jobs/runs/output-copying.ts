import type { JobOutput, RemoteFile } from '../../../lib/jobs/job.ts';
import { jobError, type JobError } from '../../../lib/jobs/job-error.ts';
import type { Clock } from '../job-writer.ts';
import type { Log } from '../log.ts';
import type { OutputStore } from '../output-store.ts';
import type { PodClient } from '../pod-client.ts';
import type { PodOutput } from '../pod-events.ts';
import { probePauseMs } from '../pods/probe-pause.ts';
import { waitMs } from '../wait.ts';

/** How patient copying is. */
export interface CopyPace {
  /** Pauses between the tries of a file that Podium's own disk does not take; after the last it stays on the pod. */
  diskPausesMs: readonly number[];
  /** Pause before files that stayed on a pod are tried again; doubles while none can be copied. */
  lateMs: number;
}
/** Three tries within 20 s, then one every half minute. */
export const COPY_PACE: CopyPace = { diskPausesMs: [5000, 10_000], lateMs: 30_000 };

export interface CopyDeps {
  pod: Pick<PodClient, 'openOutput'>;
  outputs: Pick<OutputStore, 'copy'>;
  signal: AbortSignal;
}

interface PatientDeps extends CopyDeps {
  clock: Clock;
  log: Log;
  pace: CopyPace;
  /** Whether files may stay on the pod to be copied later. */
  mayLeave: () => boolean;
  /** Called once where a file has to be asked for again, with the reason in a sentence. */
  onDelay: (reason: string) => Promise<unknown>;
}

export interface CopyPlace {
  jobId: string;
  attempt: number;
  index: number;
}

/**
 * Why one try brought no copy. `disk`: Podium's own, which may have room later. `pod`: it may answer later. `gone`: the
 * pod has no such file. `refused`: it will never be taken.
 */
export interface CopyFailure {
  kind: 'disk' | 'pod' | 'gone' | 'refused';
  error: JobError;
}

export interface Copied {
  outputs: JobOutput[];
  warnings: string[];
  /** Files that Podium's disk does not take now. */
  onPod: RemoteFile[];
  leftBecause?: string;
  /** Whether the pod no longer has one of the files. */
  gone: boolean;
  /** Why a file is missing for good. */
  error?: JobError;
}

/** How long a pod that cannot be reached keeps a finished job from its files before the job ends without them. */
const GIVE_UP_AFTER_MS = 10 * 60_000;
/** Longest text that is kept with its job until the disk takes it. */
const MAX_KEPT_TEXT = 10_000;
const NO_ROOM = new Set(['ENOSPC', 'EDQUOT']);
const DISK_FAILS = new Set([...NO_ROOM, 'EIO', 'EROFS', 'EACCES', 'EPERM', 'EMFILE', 'ENFILE']);

/**
 * Copies what a prompt left. A file the pod no longer has becomes a warning; one that Podium's disk does not take after
 * some tries stays on the pod, and so do those after it. Resolves to undefined when the signal ended it.
 */
export async function copyOutputs(
  deps: PatientDeps,
  place: Omit<CopyPlace, 'index'>,
  files: readonly PodOutput[],
  nodeName: (nodeId: string) => string,
): Promise<Copied | undefined> {
  const copied: Copied = { outputs: [], warnings: [], onPod: [], gone: false };
  const until = deps.clock.now().getTime() + GIVE_UP_AFTER_MS;
  let delayed = false;
  const onDelay = async (reason: string) => {
    if (!delayed) await deps.onDelay(reason);
    delayed = true;
  };
  for (const [index, output] of files.entries()) {
    if (copied.leftBecause !== undefined) {
      leave(copied, index, output);
      continue;
    }
    const tried = { place: { ...place, index }, output, nodeName: nodeName(output.nodeId), until };
    const got = await untilCopied({ ...deps, onDelay }, tried);
    if (!got) return undefined;
    if (!isFailure(got)) copied.outputs.push(got);
    else if (got.kind === 'disk' && deps.mayLeave()) {
      copied.leftBecause = got.error.message;
      leave(copied, index, output);
    } else {
      copied.gone ||= got.kind === 'gone';
      copied.error = got.error;
      copied.warnings.push(got.error.message);
    }
  }
  return copied;
}

interface Tried {
  place: CopyPlace;
  output: PodOutput;
  nodeName: string;
  /** Milliseconds of the epoch. */
  until: number;
}

/** The copy, or why there is none in the end; undefined when the signal ended it. */
async function untilCopied(deps: PatientDeps, tried: Tried): Promise<JobOutput | CopyFailure | undefined> {
  let onDisk = 0;
  for (let failures = 0; ; failures += 1) {
    const got = await copyOutput(deps, tried.place, tried.output, tried.nodeName);
    if (deps.signal.aborted) return undefined;
    if (!isFailure(got)) return got;
    const mayLeave = got.kind === 'disk' && deps.mayLeave();
    const again = (got.kind === 'disk' || got.kind === 'pod') && deps.clock.now().getTime() < tried.until;
    const pauseMs = mayLeave ? deps.pace.diskPausesMs[onDisk] : again ? probePauseMs(failures, Math.random) : undefined;
    if (pauseMs === undefined) return got;
    if (got.kind === 'disk') onDisk += 1;
    const { jobId, index } = tried.place;
    deps.log.warn({ jobId, index, reason: got.error.message }, 'an output could not be copied yet');
    await deps.onDelay(got.error.message);
    await waitMs(pauseMs, deps.signal);
  }
}

/** One try. What an abort of the signal caused is told as a failure too. */
export async function copyOutput(
  { pod, outputs, signal }: CopyDeps,
  place: CopyPlace,
  output: PodOutput,
  nodeName: string,
): Promise<JobOutput | CopyFailure> {
  const open = (offset: number) =>
    output.kind === 'file' ? pod.openOutput(output, offset) : Promise.reject(new Error('a text output is not opened'));
  try {
    signal.throwIfAborted();
    return await outputs.copy(place, { output, nodeName, open }, signal);
  } catch (cause) {
    return judge(cause, output.kind === 'file' ? `“${output.filename}”` : 'a text');
  }
}

export function isFailure(got: JobOutput | CopyFailure): got is CopyFailure {
  return 'error' in got;
}

/** A file as its job names it while it is on the pod; undefined for a text that is too long to be kept there. */
function remoteFile(index: number, output: PodOutput): RemoteFile | undefined {
  const { nodeId } = output;
  if (output.kind === 'file') {
    const { filename, subfolder, type } = output;
    return { index, nodeId, filename, subfolder, type };
  }
  if (output.text.length > MAX_KEPT_TEXT) return undefined;
  return { index, nodeId, filename: `text-${index}.txt`, subfolder: '', type: 'output', text: output.text };
}

function leave(copied: Copied, index: number, output: PodOutput): void {
  const file = remoteFile(index, output);
  if (file) copied.onPod.push(file);
  else
    copied.warnings.push(
      `A text of node ${output.nodeId} is too long to be kept while Podium’s disk takes nothing; it is lost.`,
    );
}

/** Errors of other rooms are told by their codes. */
function judge(cause: unknown, label: string): CopyFailure {
  const known = cause instanceof Error ? cause : new Error(String(cause));
  const code = 'code' in known ? String(known.code) : '';
  if (code === 'output_refused') return { kind: 'refused', error: jobError('output_refused', known.message) };
  if (code === 'pod_call_failed') {
    const later = 'retryable' in known && known.retryable === true;
    const gone = 'kind' in known && known.kind === 'not_found';
    const error = jobError('output_lost', `The pod does not give ${label}: ${known.message}`);
    return { kind: later ? 'pod' : gone ? 'gone' : 'refused', error };
  }
  if (NO_ROOM.has(code))
    return { kind: 'disk', error: jobError('output_lost', `There is no room on Podium’s disk for ${label}.`) };
  if (DISK_FAILS.has(code))
    return { kind: 'disk', error: jobError('output_lost', `Podium cannot write ${label} to its disk (${code}).`) };
  return { kind: 'refused', error: jobError('output_lost', `${label} could not be copied: ${known.message}`) };
}

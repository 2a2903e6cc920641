import type { JobOutput } from '../../lib/jobs/job.ts';
import { jobError, type JobError } from '../../lib/jobs/job-error.ts';
import type { Clock } from './job-writer.ts';
import type { Log } from './log.ts';
import type { OutputStore } from './output-store.ts';
import type { PodClient } from './pod-client.ts';
import type { PodOutput } from './pod-events.ts';
import { probePauseMs } from './retry-policy.ts';
import { waitMs } from './wait.ts';

interface CopyDeps {
  pod: PodClient;
  outputs: OutputStore;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
  /** Called once where a file has to be asked for again, with the reason in a sentence. */
  onDelay: (reason: string) => Promise<unknown>;
}

/** How long a pod that cannot be reached keeps a finished job from its files before the job ends without them. */
const GIVE_UP_AFTER_MS = 10 * 60_000;

/**
 * Copies what a prompt left. A file the pod no longer has becomes a warning; `error` says why when one was missing.
 * Resolves to undefined when the signal ended it.
 */
export async function copyOutputs(
  deps: CopyDeps,
  place: { jobId: string; attempt: number },
  files: readonly PodOutput[],
  nodeName: (nodeId: string) => string,
): Promise<{ outputs: JobOutput[]; warnings: string[]; error?: JobError } | undefined> {
  const outputs: JobOutput[] = [];
  const warnings: string[] = [];
  let error: JobError | undefined;
  let delayed = false;
  const giveUpAt = deps.clock.now().getTime() + GIVE_UP_AFTER_MS;
  for (const [index, output] of files.entries()) {
    const label = output.kind === 'file' ? `“${output.filename}”` : 'a text';
    for (let failures = 0; ; failures += 1) {
      if (deps.signal.aborted) return undefined;
      try {
        outputs.push(
          await deps.outputs.copy(
            { ...place, index },
            {
              output,
              nodeName: nodeName(output.nodeId),
              open: (offset) =>
                output.kind === 'file'
                  ? deps.pod.openOutput(output, offset)
                  : Promise.reject(new Error('a text output is not opened')),
            },
            deps.signal,
          ),
        );
        break;
      } catch (cause) {
        if (deps.signal.aborted) return undefined;
        const { retry, failure } = judge(cause, label);
        if (retry && deps.clock.now().getTime() < giveUpAt) {
          deps.log.warn({ jobId: place.jobId, index, reason: failure.message }, 'an output could not be copied yet');
          if (!delayed) await deps.onDelay(failure.message);
          delayed = true;
          await waitMs(probePauseMs(failures, Math.random), deps.signal);
          continue;
        }
        error = failure;
        warnings.push(failure.message);
        break;
      }
    }
  }
  return { outputs, warnings, ...(error && { error }) };
}

/** Errors of other rooms are told by their codes. */
function judge(cause: unknown, label: string): { retry: boolean; failure: JobError } {
  const known = cause instanceof Error ? cause : new Error(String(cause));
  const code = 'code' in known ? known.code : undefined;
  if (code === 'output_refused') return { retry: false, failure: jobError('output_refused', known.message) };
  if (code === 'pod_call_failed') {
    const retry = 'retryable' in known && known.retryable === true;
    return { retry, failure: jobError('output_lost', `The pod does not give ${label}: ${known.message}`) };
  }
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return { retry: true, failure: jobError('output_lost', `There is no room on Podium’s disk for ${label}.`) };
  return { retry: false, failure: jobError('output_lost', `${label} could not be copied: ${known.message}`) };
}

import type { JobIn } from '../../../lib/jobs/job.ts';
import { jobError, type JobError } from '../../../lib/jobs/job-error.ts';
import { nodeName, type Prompt } from '../../../lib/workflow/prompt.ts';
import type { Clock, JobEventInput } from '../job-writer.ts';
import type { LateFiles } from './late-files.ts';
import type { Log } from '../log.ts';
import { copyOutputs, type Copied, type CopyPace } from './output-copying.ts';
import type { OutputStore } from '../output-store.ts';
import type { PodClient } from '../pod-client.ts';
import type { PodOutput, PromptEnd } from '../pod-events.ts';

export interface TakingDeps {
  pod: Pick<PodClient, 'openOutput' | 'hasForgotten'>;
  outputs: Pick<OutputStore, 'copy'>;
  copyPace: CopyPace;
  /** Files that stay on the pod because Podium's disk takes nothing. */
  lateFiles: Pick<LateFiles, 'hasRoom' | 'expect'>;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
  note: (kind: 'copy_delayed', detail: string) => Promise<unknown>;
}

/** Deaths of pods after which a job whose files went with one is not run again by itself. */
const MAX_FILE_DEATHS = 2;

/** What came of a prompt that succeeded on its pod: the job did too, or its files are missing. */
export type Taken =
  Extract<JobEventInput, { type: 'succeed' }> | { error: JobError; outcome: 'failed' | 'pod_died'; ran: boolean };

/** Takes the results of a prompt that succeeded. Resolves to undefined when the signal ended it. */
export async function takeResults(
  deps: TakingDeps,
  job: JobIn<'running'>,
  prompt: Prompt,
  end: Extract<PromptEnd, { kind: 'succeeded' }>,
): Promise<Taken | undefined> {
  const copied = await copyResults(deps, job, prompt, end.outputs);
  if (!copied) return undefined;
  const { outputs, onPod, leftBecause, error } = copied;
  if (copied.gone && (await diedWithFiles(deps, job))) {
    const lost = jobError('pod_lost', 'The pod restarted and lost its files before they were copied.');
    // The prompt had ended well: what killed the pod was not this job.
    return { error: lost, outcome: 'pod_died', ran: false };
  }
  if (outputs.length === 0 && onPod.length === 0 && error) return { error, outcome: 'failed', ran: true };
  if (onPod.length > 0) await deps.lateFiles.expect(job.id, deps.signal);
  if (deps.signal.aborted) return undefined;
  const warnings = [...end.warnings, ...copied.warnings];
  return { type: 'succeed', outputs, warnings, onPod, ...(leftBecause !== undefined && { leftBecause }) };
}

/** Copies what a prompt left, whether it succeeded or not. */
export function copyResults(
  deps: TakingDeps,
  job: JobIn<'running'>,
  prompt: Prompt,
  files: readonly PodOutput[],
): Promise<Copied | undefined> {
  const patient = {
    ...deps,
    pace: deps.copyPace,
    mayLeave: () => deps.lateFiles.hasRoom(job.id),
    onDelay: (reason: string) => deps.note('copy_delayed', reason),
  };
  return copyOutputs(patient, { jobId: job.id, attempt: job.attempts.length }, files, (id) => nodeName(prompt, id));
}

/**
 * Whether files are gone because the pod proved to have restarted since: the work died with it. Bounded, for pods that
 * do so after every prompt.
 */
async function diedWithFiles({ pod, log }: TakingDeps, job: JobIn<'running'>): Promise<boolean> {
  if (job.attempts.filter(({ outcome }) => outcome === 'pod_died').length >= MAX_FILE_DEATHS) return false;
  return pod.hasForgotten(job.promptId).catch((error: unknown) => {
    log.warn({ jobId: job.id, reason: String(error) }, 'whether the pod restarted could not be found out');
    return false;
  });
}

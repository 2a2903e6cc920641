import type { JobProgress } from '../../../lib/jobs/progress.ts';
import type { PodView } from '../../../lib/protocol/pods.ts';
import type { Fence } from './lease.ts';
import type { JobEvents, JobMark } from '../job-events.ts';
import type { PromptPreview } from '../pod-events.ts';

/** What an instance hears of the others. Changes of one job come in the order in which they were made. */
export interface LinkListener extends JobEvents {
  /** Whether this revision of a job has not been told yet: an echo of a change made here need not be read. */
  isNews(jobId: string, revision: number): boolean;
  /** Whether the record of a change is wanted here; of one that is not, `jobPassed` is told. */
  wants(mark: JobMark): boolean;
  jobPassed(mark: JobMark): void;
  /** The desk's dispatch was paused or resumed by any instance. */
  dispatchChanged(): void;
}

/**
 * Port to the other instances. Changes of jobs need no call: the store tells every instance of each (this one too, whose
 * listener is used to hearing of a revision twice). What is published here may be lost.
 */
export interface InstanceLink {
  /** Begins to listen; resolves once nothing that happens from now on is missed. */
  start(listener: LinkListener): Promise<void>;
  /** Sent on once a second, and ten times where somebody at another instance watches the job. */
  publishProgress(jobId: string, progress: JobProgress): void;
  /** Sent on only where somebody at another instance watches the job. */
  publishPreview(jobId: string, preview: PromptPreview): void;
  /** The newest view of a pod, kept for instances that come later. Refused silently where the fence is old. */
  publishPod(view: PodView, fence: Fence): void;
  /** Views of pods as whoever drives them last told. */
  pods(): PodView[];
  /** Somebody here watches this job, or nobody does any more: its previews and all of its progress are wanted. */
  wantPreviews(jobId: string, wanted: boolean): void;
  close(): Promise<void>;
}

/** For a process that is alone. */
export const noLink: InstanceLink = {
  start: async () => undefined,
  publishProgress: () => undefined,
  publishPreview: () => undefined,
  publishPod: () => undefined,
  pods: () => [],
  wantPreviews: () => undefined,
  close: async () => undefined,
};

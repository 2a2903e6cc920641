import type { Job, JobState } from '../../lib/jobs/job.ts';
import type { JobProgress } from '../../lib/jobs/progress.ts';
import type { PodView } from '../../lib/protocol/pods.ts';
import type { PromptPreview } from './pod-events.ts';

/** Port to whoever shows what happens (the relay). Called after the change is durable; must not throw or wait. */
export interface JobEvents {
  jobChanged(job: Job, progress?: JobProgress): void;
  jobProgress(jobId: string, progress: JobProgress): void;
  jobPreview(jobId: string, preview: PromptPreview): void;
  podChanged(pod: PodView): void;
  /** A batch was accepted: its jobs are told of one by one only when they change. May be told twice. */
  batchMade(batchId: string): void;
  /** Something that happened at other instances may not have been told: who shows anything reads it anew. */
  missed(): void;
}

/** What is known of a change before its record is read. */
export interface JobMark {
  id: string;
  revision: number;
  state: JobState;
  /** Of the newest attempt, where there was one. */
  promptId?: string;
}

/** Who listens to some events. */
export interface JobListener extends Partial<JobEvents> {
  /**
   * Whether a change that another instance made is to be told: where nobody wants it, its record is not even read.
   * Without this, every change is.
   */
  wants?(mark: JobMark): boolean;
}

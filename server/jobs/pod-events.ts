import type { JobProgress } from '../../lib/jobs/progress.ts';
import type { JobError } from '../../lib/jobs/job-error.ts';

/** A file or text that a prompt left on the pod, as its history names it. Nothing here is trusted as a path. */
export type PodOutput =
  | { nodeId: string; kind: 'file'; filename: string; subfolder: string; type: 'output' | 'temp' | 'input' }
  | { nodeId: string; kind: 'text'; text: string };

/** Nodes that a prompt's history names: taken from the pod's cache, and done before it failed. */
export interface EndedNodes {
  cached: string[];
  done: string[];
}

/** How a prompt ended on its pod (§4 of the protocol page). */
export type PromptEnd =
  | { kind: 'succeeded'; outputs: PodOutput[]; warnings: string[]; nodes?: EndedNodes }
  | { kind: 'failed'; error: JobError; outputs: PodOutput[]; nodes?: EndedNodes }
  | { kind: 'interrupted' }
  /** Neither in queue nor in history after repeated looks, and no restart proven. */
  | { kind: 'absent' }
  /** Neither in queue nor in history, and the pod has proven to have lost its memory since. */
  | { kind: 'forgotten' };

/** Where a prompt is right now, by REST. */
export type PromptWhereabouts =
  | { kind: 'pending'; position: number }
  | { kind: 'running' }
  | { kind: 'ended'; end: Extract<PromptEnd, { kind: 'succeeded' | 'failed' | 'interrupted' }> }
  | { kind: 'absent' };

/** A preview picture while a node samples. */
export interface PromptPreview {
  promptId: string;
  nodeId?: string;
  contentType: 'image/jpeg' | 'image/png';
  bytes: Uint8Array;
}

/** What `follow` reports while a prompt waits and runs. */
export interface PromptListener {
  onProgress(progress: JobProgress): void;
  onPreview?(preview: PromptPreview): void;
  /** The pod showed that it lives: a frame was about it, or a look found it elsewhere than before. */
  onSignOfLife?(): void;
}

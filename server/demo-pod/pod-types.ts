import type { WebSocket } from 'ws';

export type PodVersion = '0.3.64' | '0.8.0';

export interface PromptNode {
  class_type: string;
  inputs: Record<string, unknown>;
}
export type PodPrompt = Record<string, PromptNode>;

/** One accepted prompt, as it stands in the queue. */
export interface QueueItem {
  number: number;
  promptId: string;
  prompt: PodPrompt;
  extraData: Record<string, unknown>;
  outputs: string[];
}

export interface StoredFile {
  filename: string;
  subfolder: string;
  type: string;
}
export type NodeOutput = Record<string, unknown>;
export type StatusMessage = [string, Record<string, unknown>];

export interface HistoryEntry {
  prompt: [number, string, PodPrompt, Record<string, unknown>, string[]];
  outputs: Record<string, NodeOutput>;
  status: { status_str: 'success' | 'error'; completed: boolean; messages: StatusMessage[] };
  meta: Record<string, unknown>;
}

export type RunOutcome = 'success' | 'error' | 'interrupted' | 'lost';

/** One run of a prompt, kept for tests to count work by. Times are milliseconds of the epoch. */
export interface RunRecord {
  promptId: string;
  jobId: string | undefined;
  startedAt: number;
  endedAt: number | undefined;
  outcome: RunOutcome | undefined;
  /** Nothing but cached nodes: no work was done. */
  cached: boolean;
}

export interface Picture {
  width: number;
  height: number;
  /** RGB, three bytes a pixel, rows from the top. */
  data: Uint8Array;
}

export interface Recipe {
  text: string;
  seed: number;
  denoise: number;
  base?: Picture;
}

export type NodeValue =
  | { kind: 'handle'; name: string }
  | { kind: 'text'; text: string }
  | { kind: 'latent'; width: number; height: number; batch: number; recipe?: Recipe; bases?: Picture[] }
  | { kind: 'image'; pictures: [Picture, ...Picture[]] }
  | { kind: 'blocked'; message: string };

export interface ConnectedSocket {
  sid: string;
  socket: WebSocket;
  previewMetadata: boolean;
  firstFrameSeen: boolean;
}

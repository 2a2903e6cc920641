import type { EditorWorkflow } from '../editor/editor-workflow.ts';
import type { Prompt } from '../prompt.ts';

/** Where a workflow was found. `json` is text of any kind. */
export type IntakeSource =
  'json' | 'png' | 'webp' | 'jpeg' | 'avif' | 'svg' | 'mp4' | 'webm' | 'flac' | 'mp3' | 'ogg' | 'glb' | 'safetensors';

/** What was found in a text or a file: at least one of the two forms. */
export interface FoundWorkflow {
  source: IntakeSource;
  /** As the editor saved it. */
  editor?: EditorWorkflow;
  /** The API form. */
  prompt?: Prompt;
  /** Sentences a person should read: what was left out, what could not be read. */
  notes: string[];
}

/** A refusal says what was found and what is accepted, in one sentence or two. */
export type Intake = { ok: true; found: FoundWorkflow } | { ok: false; message: string };

/** Bytes of a file, read by range: the browser's `File` and a file on disk alike. */
export interface ByteSource {
  /** Bytes. */
  readonly size: number;
  readonly name?: string;
  /** At most `length` bytes from `offset`; fewer only at the end. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** Largest JSON text that is parsed, bytes. */
export const MAX_WORKFLOW_BYTES = 20 * 1024 * 1024;

import { jobError, type JobError } from '../../lib/protocol/errors.ts';
import type { Prompt } from '../../lib/workflow/prompt.ts';

/** The error of a prompt that ComfyUI refused: the parsed body of a 400 to `POST /prompt`. */
export function rejectionError(_body: unknown, _prompt: Prompt): JobError {
  return jobError('prompt_rejected', 'The pod refused the prompt.');
}

/** Warnings of a 200 that still carries `node_errors`: the outputs named there are dropped, the rest runs. */
export function partialWarnings(_nodeErrors: unknown, _prompt: Prompt): string[] {
  return [];
}

/** The error of a node that failed while it ran: the data of `execution_error`, from a frame or from history. */
export function executionError(_data: unknown, _prompt?: Prompt): JobError {
  return jobError('node_failed', 'A node failed.');
}

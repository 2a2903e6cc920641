import { jobError, type JobError } from '../../lib/jobs/job-error.ts';
import type { Prompt } from '../../lib/workflow/prompt.ts';
import type { PodAnswer } from './answer.ts';
import { answerError } from './failures/answer-failure.ts';
import { executionError } from './failures/execution-failure.ts';
import { transportFailure } from './transport-error.ts';

/** Everything by which a pod or what stands before it shows that something failed. */
export type PodFailure =
  /** An HTTP answer other than the one asked for. `prompt`: to the submission of this prompt. */
  | { kind: 'answer'; answer: PodAnswer; shown: string; prompt?: Prompt }
  /** No connection came about, or the handshake failed. */
  | { kind: 'transport'; error: unknown; shown: string }
  /** The connection closed after bytes had left, each time it was tried. `reason`: a sentence. */
  | { kind: 'cut'; reason: string }
  /** The data of `execution_error`, from a frame or from history. */
  | { kind: 'execution'; data: unknown; prompt?: Prompt }
  /** The pod has proven to have restarted since it was given the prompt. */
  | { kind: 'restarted' }
  /** The pod tells nothing of how the prompt ended. `reason`: a sentence. */
  | { kind: 'no_end'; reason: string };

/** What a failure is, from what was seen of it; pure. The code decides what is done about it. */
export function classifyFailure(seen: PodFailure): JobError {
  switch (seen.kind) {
    case 'answer':
      return answerError(seen.answer, seen.shown, seen.prompt);
    case 'transport': {
      const { code, message } = transportFailure(seen.error, seen.shown);
      return jobError(code, message);
    }
    case 'cut':
      return jobError('submission_cut', seen.reason);
    case 'execution':
      return executionError(seen.data, seen.prompt);
    case 'restarted':
      return jobError('pod_lost', 'The pod restarted while it had this prompt.');
    case 'no_end':
      return jobError('prompt_lost', seen.reason);
  }
}

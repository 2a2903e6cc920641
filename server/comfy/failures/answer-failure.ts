import { jobError, type JobError } from '../../../lib/jobs/job-error.ts';
import type { Prompt } from '../../../lib/workflow/prompt.ts';
import { rejectedSchema } from '../answer-schemas.ts';
import { isHtml, jsonOf, type PodAnswer } from '../answer.ts';
import { rejectionError } from './refusal.ts';

/**
 * What an answer that is not the one asked for means (§2 and §6 of the protocol). `prompt`: it answers the submission of
 * this prompt, so it may be ComfyUI's refusal of it.
 */
export function answerError(answer: PodAnswer, shown: string, prompt?: Prompt): JobError {
  const { status } = answer;
  const at = `The pod at ${shown}`;
  const html = isHtml(answer);
  if (prompt && isRefusal(answer)) return rejectionError(jsonOf(answer), prompt);
  if (status >= 300 && status < 400)
    return jobError('pod_answer_invalid', `${at} answers with a redirect, which is not followed (${status}).`);
  if (status === 401 || (status === 403 && !html))
    return jobError('pod_unauthorized', `${at} refuses the credentials (${status}).`);
  if (status === 413)
    return jobError('prompt_too_large', `${at} does not take a prompt of this size (413${limitOf(answer)}).`);
  if (status === 429) return jobError('pod_busy', `${at} asks for a pause (429).`);
  if (status === 507) return jobError('pod_disk_full', `${at} has no room left on its disk (507).`);
  if (html && status < 300) return jobError('pod_unreachable', `${at} answers with a web page.`);
  if (status >= 500 || status === 408 || html) return jobError('pod_unreachable', `${at} is not ready (${status}).`);
  return jobError('pod_answer_invalid', `${at} does not answer as ComfyUI does (${status}).`);
}

/** Whether ComfyUI itself refuses the prompt that it was given. */
export function isRefusal(answer: PodAnswer): boolean {
  return [400, 413, 422].includes(answer.status) && rejectedSchema.safeParse(jsonOf(answer)).success;
}

/** ComfyUI's own 413 names its limit, in bytes. */
export function limitOf(answer: PodAnswer): string {
  const limit = /maximum request body size (\d{1,15}) exceeded/i.exec(answer.body.subarray(0, 500).toString('latin1'));
  return limit ? `; its limit is ${Math.round(Number(limit[1]) / 2 ** 20)} MiB` : '';
}

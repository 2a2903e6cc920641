import type { SubmitOutcome, SubmitRequest } from '../jobs/pod-client.ts';
import { acceptedSchema } from './answer-schemas.ts';
import { jsonOf, retryAfterMs, type PodAnswer } from './answer.ts';
import { classifyFailure } from './classify.ts';
import { isRefusal } from './failures/answer-failure.ts';
import { partialWarnings } from './failures/refusal.ts';
import type { SentOnce } from './pod-http.ts';

/** Longest name told to a pod. */
const MAX_NAME = 80;

/**
 * Body of `POST /prompt`. Never `number` (two equal ones kill the worker of 0.8.0) nor `front` (it is last in, first out);
 * always `client_id` (without it there are no events, and a cached run leaves no outputs). `mayRename`: the pod may give
 * the prompt an id of its own, so ours is told beside it.
 */
export function submissionBody(request: SubmitRequest, clientId: string, mayRename: boolean): Record<string, unknown> {
  return {
    prompt: request.prompt,
    prompt_id: request.promptId,
    client_id: clientId,
    extra_data: {
      podium: {
        jobId: request.jobId,
        attempt: request.attempt,
        ...(request.desk !== undefined && { desk: request.desk }),
        ...(request.name !== undefined && { name: [...request.name].slice(0, MAX_NAME).join('') }),
        ...(mayRename && { promptId: request.promptId }),
      },
      ...(request.workflow !== undefined && { extra_pnginfo: { workflow: request.workflow } }),
    },
  };
}

interface SortContext {
  shown: string;
  /** Milliseconds of the epoch. */
  now: number;
  /** Called with the id under which the pod took the prompt; not ours on old pods. */
  onAccepted: (idOnPod: string) => void;
}

/** Sorts what one POST came to by the table of §2 of the protocol: certainly taken, certainly not, or unknown. */
export function sortSubmission(sent: SentOnce, request: SubmitRequest, context: SortContext): SubmitOutcome {
  const { shown, now } = context;
  if (sent.kind !== 'answer') return sent;
  const { answer } = sent;
  const { status } = answer;
  const at = `The pod at ${shown}`;
  if (status >= 200 && status < 300) return taken(answer, request, at, context.onAccepted);
  if (status >= 500 || status === 408)
    return { kind: 'unknown', reason: `${at} answered ${status}; it may have taken the prompt.` };
  const error = classifyFailure({ kind: 'answer', answer, shown, prompt: request.prompt });
  if (isRefusal(answer)) return { kind: 'rejected', error };
  if (status < 400 || status === 404 || (status === 403 && error.code !== 'pod_unauthorized'))
    return { kind: 'not_sent', error };
  const pause = status === 429 ? retryAfterMs(answer, now) : undefined;
  return { kind: 'refused', error, ...(pause !== undefined && { retryAfterMs: pause }) };
}

function taken(
  answer: PodAnswer,
  request: SubmitRequest,
  at: string,
  onAccepted: (idOnPod: string) => void,
): SubmitOutcome {
  const parsed = acceptedSchema.safeParse(jsonOf(answer));
  if (!parsed.success) return { kind: 'unknown', reason: `${at} answered ${answer.status} with something unreadable.` };
  const { prompt_id, number, node_errors } = parsed.data;
  onAccepted(prompt_id);
  return {
    kind: 'accepted',
    ...(number !== undefined && { number }),
    warnings: partialWarnings(node_errors, request.prompt),
  };
}

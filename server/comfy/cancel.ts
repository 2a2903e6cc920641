import { PodCallError, type CancelOutcome } from '../jobs/pod-client.ts';
import { waitMs } from '../jobs/wait.ts';
import { isHtml, jsonOf } from './answer.ts';
import type { PodHttp } from './pod-http.ts';
import { placeInQueue, type PromptLookup } from './prompt-lookup.ts';
import { MAX_BYTES } from './timing.ts';

/** The oldest version on which both were seen. */
const OBEYS_SINCE = [0, 3, 64] as const;
const BETWEEN_LOOKS_MS = 1000;

/**
 * Whether a pod of this version interrupts only the prompt it is told, and takes the prompt ids it is given; not known
 * counts as no.
 */
export function obeysPromptIds(version: string | undefined): boolean {
  const parts = /^v?(\d+)\.(\d+)(?:\.(\d+))?/
    .exec(version ?? '')
    ?.slice(1)
    .map((part) => Number(part ?? 0));
  if (!parts) return false;
  for (const [index, least] of OBEYS_SINCE.entries()) {
    const part = parts[index] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}

/** Cancels prompts on one pod (§5 of the protocol). Each request is to be repeated until it is seen to hold. */
export class PromptCanceller {
  private atomic = true;

  constructor(
    private readonly http: PodHttp,
    private readonly lookup: PromptLookup,
    private readonly version: () => string | undefined,
  ) {}

  /** @throws PodCallError */
  async cancel(promptId: string): Promise<CancelOutcome> {
    const place = placeInQueue(await this.lookup.queue(), promptId);
    if (!place) return { kind: 'not_there' };
    if (this.atomic && (await this.askAtomically(promptId))) return { kind: 'asked' };
    if (place.kind === 'pending') {
      await this.dropPending(promptId);
      return { kind: 'asked' };
    }
    if (!obeysPromptIds(this.version())) {
      const { running } = await this.lookup.queue();
      if (running.some((entry) => entry.promptId !== promptId)) return { kind: 'withheld' };
      if (running.length === 0) return { kind: 'not_there' };
    }
    await this.post('/interrupt', { prompt_id: this.lookup.ids.onPod(promptId) });
    return { kind: 'asked' };
  }

  /**
   * Deletes a pending prompt, and never interrupts. A prompt that has just ended may be in neither queue nor history for a
   * moment, so that only two looks tell that it is gone. @throws PodCallError
   */
  async withdraw(promptId: string): Promise<boolean> {
    const place = placeInQueue(await this.lookup.queue(), promptId);
    if (place?.kind === 'pending') await this.dropPending(promptId);
    if ((await this.lookup.whereabouts(promptId)).kind !== 'absent') return false;
    await waitMs(BETWEEN_LOOKS_MS, new AbortController().signal);
    return (await this.lookup.whereabouts(promptId)).kind === 'absent';
  }

  /** The pod was replaced by another version: calls it did not know are tried again. */
  forgetWhatThePodKnows(): void {
    this.atomic = true;
  }

  /** Deletes pending copies until the id stands for one prompt only: queued, running or ended. @throws PodCallError */
  async dropDuplicate(promptId: string): Promise<void> {
    for (let round = 0; round < 3; round += 1) {
      const { running, pending } = await this.lookup.queue();
      const waiting = pending.filter((entry) => entry.promptId === promptId).length;
      if (waiting === 0) return;
      const alone = waiting === 1 && !running.some((entry) => entry.promptId === promptId);
      if (alone && !(await this.lookup.inHistory(promptId))) return;
      await this.dropPending(promptId);
    }
  }

  private dropPending(promptId: string): Promise<void> {
    return this.post('/queue', { delete: [this.lookup.ids.onPod(promptId)] });
  }

  /** True where the pod took it; a pod that does not know the call is not asked again. */
  private async askAtomically(promptId: string): Promise<boolean> {
    const path = `/api/jobs/${encodeURIComponent(this.lookup.ids.onPod(promptId))}/cancel`;
    const answer = await this.http.call({ method: 'POST', path, body: {}, maxBytes: MAX_BYTES.small });
    const unknownCall = answer.status === 405 || (answer.status === 404 && !isHtml(answer) && !jsonOf(answer));
    if (unknownCall) this.atomic = false;
    return answer.status >= 200 && answer.status < 300 && !isHtml(answer);
  }

  private async post(path: string, body: unknown): Promise<void> {
    await this.http.ok({ method: 'POST', path, body, maxBytes: MAX_BYTES.small }).catch((error: unknown) => {
      if (error instanceof PodCallError && error.kind === 'not_found')
        throw new PodCallError('unreachable', error.message, { cause: error });
      throw error;
    });
  }
}

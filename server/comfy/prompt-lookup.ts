import type { Prompt } from '../../lib/workflow/prompt.ts';
import { PodCallError, type PodQueue, type PodQueueEntry } from '../jobs/pod-client.ts';
import type { PromptWhereabouts } from '../jobs/pod-events.ts';
import { historySchema, jobStatusSchema, oursOfEntry, queueSchema, type QueueRow } from './answer-schemas.ts';
import { isHtml, jsonOf } from './answer.ts';
import { classifyFailure } from './classify.ts';
import type { PodHttp } from './pod-http.ts';
import type { PromptIds } from './prompt-ids.ts';
import { readHistoryEntry, type HistoryEnd } from './prompt-end.ts';
import { MAX_BYTES } from './timing.ts';

/** How many history entries are searched for a prompt that an old pod has given another id. */
const RENAMED_WITHIN = 50;
export const UNREADABLE_END = 'The pod’s record of how this prompt ended cannot be read.';

/** Reads where prompts are from a pod's queue and history. Every method rejects with `PodCallError`. */
export class PromptLookup {
  private knowsJobs = true;

  constructor(
    private readonly http: PodHttp,
    readonly ids: PromptIds,
    /** Whether the pod may give prompts ids of its own. */
    private readonly mayRename: () => boolean,
  ) {}

  /** Entries of ours carry the ids that we gave them. */
  async queue(): Promise<PodQueue> {
    const { running, pending } = await asThere(
      this.http.json(queueSchema, { path: '/queue', maxBytes: MAX_BYTES.queue }),
    );
    return { running: running.map((row) => this.known(row)), pending: pending.map((row) => this.known(row)) };
  }

  /** How a prompt ended; undefined while history has nothing about it. */
  async end(promptId: string, prompt?: Prompt): Promise<HistoryEnd | undefined> {
    let entry: unknown;
    try {
      entry = await this.entry(promptId);
    } catch (error) {
      if (!(error instanceof PodCallError) || error.kind !== 'too_large') throw error;
      return unreadable('The pod’s record of this prompt is too large to be read, so its outputs are not known.');
    }
    if (entry === undefined) return undefined;
    return readHistoryEntry(entry, prompt) ?? unreadable(UNREADABLE_END);
  }

  async inHistory(promptId: string): Promise<boolean> {
    return (await this.entry(promptId)) !== undefined;
  }

  /** Whether the pod's history holds nothing at all. */
  async historyIsEmpty(): Promise<boolean> {
    const call = { path: '/history', query: { max_items: '1' }, maxBytes: MAX_BYTES.history };
    return Object.keys(await asThere(this.http.json(historySchema, call))).length === 0;
  }

  async whereabouts(promptId: string, prompt?: Prompt): Promise<PromptWhereabouts> {
    const queued = placeInQueue(await this.queue(), promptId);
    if (queued) return queued;
    const end = await this.end(promptId, prompt);
    return end ? { kind: 'ended', end } : { kind: 'absent' };
  }

  /**
   * Whether the pod says, by the small call of newer pods, that the prompt runs. False where it says anything else or
   * does not know the call, which it is then not asked again.
   */
  async isRunning(promptId: string): Promise<boolean> {
    if (!this.knowsJobs) return false;
    const path = `/api/jobs/${encodeURIComponent(this.ids.onPod(promptId))}`;
    const answer = await this.http.call({ path, maxBytes: MAX_BYTES.history });
    const job = jobStatusSchema.safeParse(jsonOf(answer));
    if (answer.status === 200) return job.success && job.data.status === 'in_progress';
    if (answer.status === 405 || (answer.status === 404 && !isHtml(answer) && jsonOf(answer) === undefined))
      this.knowsJobs = false;
    return false;
  }

  /** The pod was replaced by another version: calls it did not know are tried again. */
  forgetWhatThePodKnows(): void {
    this.knowsJobs = true;
  }

  private async entry(promptId: string): Promise<unknown> {
    const onPod = this.ids.onPod(promptId);
    const path = `/history/${encodeURIComponent(onPod)}`;
    const entry = (await asThere(this.http.json(historySchema, { path, maxBytes: MAX_BYTES.history })))[onPod];
    if (entry !== undefined || this.ids.isRenamed(promptId) || !this.mayRename()) return entry;
    return this.renamedEntry(promptId);
  }

  /** An entry under an id of the pod's own, among the newest. */
  private async renamedEntry(promptId: string): Promise<unknown> {
    const call = { path: '/history', query: { max_items: String(RENAMED_WITHIN) }, maxBytes: MAX_BYTES.history };
    const newest = await asThere(this.http.json(historySchema, call));
    const found = Object.entries(newest).find(([, entry]) => oursOfEntry(entry) === promptId);
    if (found) this.ids.learn(promptId, found[0]);
    return found?.[1];
  }

  private known({ ours, ...entry }: QueueRow): PodQueueEntry {
    if (ours !== undefined) this.ids.learn(ours, entry.promptId);
    return { ...entry, promptId: this.ids.oursOf(entry.promptId) };
  }
}

/** Where a prompt stands in the queue; undefined where it is not in it. Position 1 is the next to run. */
export function placeInQueue(
  queue: PodQueue,
  promptId: string,
): Extract<PromptWhereabouts, { kind: 'pending' | 'running' }> | undefined {
  if (queue.running.some((entry) => entry.promptId === promptId)) return { kind: 'running' };
  const at = queue.pending.findIndex((entry) => entry.promptId === promptId);
  return at < 0 ? undefined : { kind: 'pending', position: at + 1 };
}

/** A pod without these calls is no ComfyUI just now: a proxy answers in its place. */
export async function asThere<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof PodCallError && error.kind === 'not_found')
      throw new PodCallError('unreachable', error.message, { cause: error });
    throw error;
  }
}

/** The end of a prompt of which only that it ended is known. */
export function unreadable(message: string): HistoryEnd {
  return { kind: 'failed', error: classifyFailure({ kind: 'no_end', reason: message }), outputs: [] };
}

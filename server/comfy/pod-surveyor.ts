import { z } from 'zod';
import { PodCallError, type KnownWhereabouts, type PodSurvey, type SurveyedPrompt } from '../jobs/pod-client.ts';
import { historySchema } from './answer-schemas.ts';
import type { PodHttp } from './pod-http.ts';
import { idOfRow, readPodiumEntry, readPodiumRow, surveyed } from './podium-rows.ts';
import { asThere, unreadable, UNREADABLE_END, type PromptLookup } from './prompt-lookup.ts';
import { readHistoryEntry } from './prompt-end.ts';
import { MAX_BYTES } from './timing.ts';

const rawQueueSchema = z.object({ queue_running: z.array(z.unknown()), queue_pending: z.array(z.unknown()) });

/** So many prompts that are not in the queue are asked for one by one, which is smaller than the newest of history. */
const ONE_BY_ONE = 2;
/** Newest entries of history read at once: each holds a whole prompt. */
const NEWEST = { least: 50, perPrompt: 4, most: 200 } as const;
/** Single reads of history under way at once. */
const AT_ONCE = 5;

/** Finds out in a few calls where many prompts are. */
export class PodSurveyor {
  constructor(
    private readonly http: PodHttp,
    private readonly lookup: PromptLookup,
  ) {}

  /** @throws PodCallError where the queue cannot be read, or a prompt that is not in it cannot be looked for */
  async survey(promptIds: readonly string[], history: boolean): Promise<PodSurvey> {
    const found = new Map<string, KnownWhereabouts>();
    const podium: SurveyedPrompt[] = [];
    await this.readQueue(found, podium);
    const missing = new Set(promptIds.filter((id) => !found.has(id)));
    let whole = false;
    if (history || missing.size > ONE_BY_ONE) whole = await this.readNewest(promptIds.length, missing, found, podium);
    if (!whole) await this.readEach(missing, found);
    return { found, podium };
  }

  private async readQueue(found: Map<string, KnownWhereabouts>, podium: SurveyedPrompt[]): Promise<void> {
    const queue = await asThere(this.http.json(rawQueueSchema, { path: '/queue', maxBytes: MAX_BYTES.queue }));
    const take = (row: unknown, where: KnownWhereabouts) => {
      const told = readPodiumRow(row);
      const id = told?.promptId ?? idOfRow(row);
      if (id === undefined) return;
      if (told) this.lookup.ids.learn(told.promptId, told.onPod);
      if (!found.has(id)) found.set(id, where);
      if (told) podium.push(surveyed(told, where));
    };
    for (const row of queue.queue_running) take(row, { kind: 'running' });
    const pending = queue.queue_pending.toSorted((a, b) => numberOf(a) - numberOf(b));
    for (const [index, row] of pending.entries()) take(row, { kind: 'pending', position: index + 1 });
  }

  /** @returns whether that was the whole history, so that a prompt which is not in it has not ended there */
  private async readNewest(
    asked: number,
    missing: Set<string>,
    found: Map<string, KnownWhereabouts>,
    podium: SurveyedPrompt[],
  ): Promise<boolean> {
    const newest = Math.min(NEWEST.most, Math.max(NEWEST.least, NEWEST.perPrompt * asked));
    const call = { path: '/history', query: { max_items: String(newest) }, maxBytes: MAX_BYTES.history };
    const entries = await asThere(this.http.json(historySchema, call)).catch((error: unknown) => {
      if (error instanceof PodCallError && error.kind === 'too_large') return undefined;
      throw error;
    });
    if (!entries) return false;
    for (const [idOnPod, entry] of Object.entries(entries)) {
      const told = readPodiumEntry(entry);
      const id = told?.row.promptId ?? idOnPod;
      if (told) this.lookup.ids.learn(id, idOnPod);
      if (!told && !missing.has(id)) continue;
      const end = readHistoryEntry(entry, told?.row.work()?.prompt) ?? unreadable(UNREADABLE_END);
      // The queue was read first: what is in both ran twice, or ended in between; the queue's word is looked into later.
      if (missing.delete(id)) found.set(id, { kind: 'ended', end });
      if (told) podium.push(surveyed(told.row, { kind: 'ended', end }, told.endedAt));
    }
    return Object.keys(entries).length < newest;
  }

  private async readEach(missing: ReadonlySet<string>, found: Map<string, KnownWhereabouts>): Promise<void> {
    const ids = [...missing];
    const next = async (): Promise<void> => {
      for (let id = ids.pop(); id !== undefined; id = ids.pop()) {
        const end = await this.lookup.end(id);
        if (end) found.set(id, { kind: 'ended', end });
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, ids.length) }, next));
  }
}

function numberOf(row: unknown): number {
  const first: unknown = Array.isArray(row) ? row[0] : undefined;
  return typeof first === 'number' ? first : Number.POSITIVE_INFINITY;
}

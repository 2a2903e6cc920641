import { JOB_STATES } from '../../lib/jobs/job.ts';
import type { DeskBook } from '../jobs/desk-book.ts';
import { MAX_RECOVERIES } from '../jobs/desk-book.ts';
import type { JobStore } from '../jobs/job-store.ts';
import type { JobBundle, StoreTransfer } from '../jobs/records/store-transfer.ts';
import type { TemplateBook } from '../jobs/templates/template-book.ts';
import { Refusal } from './terminal.ts';

export type Store = JobStore & DeskBook & StoreTransfer & { readonly templates: TemplateBook };

/** One end of a copy. */
export interface Side {
  /** What it is and where, for a person; never with a password. */
  place: string;
  store: Store;
  /** Names and versions of what keeps it. */
  version(): Promise<string>;
  /** Names of the Podiums that use it now. */
  others(): Promise<string[]>;
  close(): Promise<void>;
  /** How to make it one that is empty, as the end of a sentence. */
  toEmpty: string;
}

/** Most jobs, and about as many characters of workflows, that are under way at once. */
const BATCH = { jobs: 100, characters: 4_000_000 };

/** Dispatch of a target is paused with this reason until the copy is complete: nothing may run from half a desk. */
const UNFINISHED = 'A copy into this store has not ended: run the same store:copy again.';

/** What is told of a copy while it goes on. */
export interface CopyWatch {
  progress(done: number, total: number): void;
  /** How many records of the source could not be read so far; each was told when it was met. */
  unreadable(): number;
  /** Stops between two batches. */
  signal: AbortSignal;
}

/** What a copy came to. */
export interface Copied {
  /** In the target. */
  jobs: number;
  /** Left behind, because this version cannot read them. */
  unreadable: number;
}

/**
 * Copies a whole desk into an empty store: jobs with their workflows, keys and progress, batches, what is remembered and ordered
 * of pods, recoveries, templates, the pause and the desk's id. The source is paused at the end, so that no job runs from both. A copy that
 * was cut short is gone on with by doing it again.
 * @throws Refusal where it may not be done, or what arrived is not what was sent; StoreUnavailableError
 */
export async function copyDesk(from: Side, to: Side, watch: CopyWatch): Promise<Copied> {
  const source = from.store;
  const target = to.store;
  await mustBeUnused(from, to);
  const goesOn = await mayFill(from, to);
  await target.setDeskId(await source.deskId());
  await target.setDispatch({ paused: true, since: source.now().toISOString(), reason: UNFINISHED });

  for await (const bundle of source.batchBundles()) await target.takeInBatches([bundle]);
  const total = await source.size();
  let done = 0;
  watch.progress(done, total);
  for await (const batch of batches(source)) {
    if (watch.signal.aborted)
      throw new Refusal(
        `Stopped after ${done} of ${total} jobs. ${from.place} is as it was: run the same again to go on.`,
      );
    const missing: JobBundle[] = [];
    for (const bundle of batch) if (!goesOn || !(await target.get(bundle.job.id))) missing.push(bundle);
    if (missing.length > 0) await target.takeIn(missing);
    done += batch.length;
    watch.progress(done, total);
  }
  for (const { podId, memory } of await source.podMemories()) await target.savePodMemory(podId, memory);
  for (const { podId, condition } of await source.podConditions()) await target.savePodCondition(podId, condition);
  for (const [podId, orders] of Object.entries(await source.podOrders())) await target.orderPod(podId, orders);
  for (const recovery of (await source.recoveries(MAX_RECOVERIES)).toReversed()) await target.saveRecovery(recovery);
  for (const { id } of await source.templates.list()) {
    const template = await source.templates.get(id);
    if (template) await target.templates.save([template]);
  }
  await mustBeUnused(from, to);
  await mustBeEqual(from, to, watch.unreadable());

  const dispatch = await source.dispatch();
  await source.setDispatch({
    paused: true,
    since: source.now().toISOString(),
    reason: `This desk was copied to ${to.place}: its jobs go on there.`,
  });
  await target.setDispatch(dispatch);
  return { jobs: done, unreadable: watch.unreadable() };
}

async function mustBeUnused(...sides: Side[]): Promise<void> {
  for (const side of sides) {
    const others = await side.others();
    if (others.length > 0)
      throw new Refusal(
        `${side.place} is in use by Podium (${others.join(', ')}): stop it first. Jobs on pods go on meanwhile. One that was killed is forgotten a minute later.`,
      );
  }
}

/** @returns whether the target holds the beginning of this very copy */
async function mayFill(from: Side, to: Side): Promise<boolean> {
  if ((await from.store.dispatch()).reason === UNFINISHED)
    throw new Refusal(`${from.place} is itself a copy that has not ended: finish that one first.`);
  const held = await to.store.size();
  if (held === 0) return false;
  const { paused, reason } = await to.store.dispatch();
  if (paused && reason === UNFINISHED && (await to.store.deskId()) === (await from.store.deskId())) return true;
  throw new Refusal(
    `${to.place} already holds ${held} ${held === 1 ? 'job' : 'jobs'}, and two desks are never mixed: ${to.toEmpty}.`,
  );
}

async function* batches(source: StoreTransfer): AsyncGenerator<JobBundle[]> {
  let batch: JobBundle[] = [];
  let characters = 0;
  for await (const bundle of source.bundles()) {
    batch.push(bundle);
    characters += JSON.stringify(bundle).length;
    if (batch.length < BATCH.jobs && characters < BATCH.characters) continue;
    yield batch;
    batch = [];
    characters = 0;
  }
  if (batch.length > 0) yield batch;
}

async function mustBeEqual(from: Side, to: Side, unreadable: number): Promise<void> {
  const sent = (await from.store.size()) - unreadable;
  const arrived = await to.store.size();
  const [before, after] = [await from.store.counts(), await to.store.counts()];
  const differing = unreadable > 0 ? [] : JOB_STATES.filter((state) => before[state] !== after[state]);
  if (sent === arrived && differing.length === 0) return;
  const states = differing.map((state) => `${state} ${before[state]} and ${after[state]}`).join(', ');
  throw new Refusal(
    `${from.place} gave ${sent} jobs and ${to.place} has ${arrived}${states && ` (${states})`}: something changed one of them meanwhile. Stop whatever uses them, and begin again with an empty target.`,
  );
}

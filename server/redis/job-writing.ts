import { z } from 'zod';
import { isTerminal, jobSchema, type Job } from '../../lib/jobs/job.ts';
import type { JobProgress } from '../../lib/jobs/progress.ts';
import {
  StoreUnavailableError,
  type CreateOutcome,
  type IdempotencyClaim,
  type StoredWorkflow,
} from '../jobs/job-store.ts';
import { LeaseLostError, type Fence } from '../jobs/leases/lease.ts';
import type { PodCondition, PodMemory } from '../jobs/pod-client.ts';
import type { CreateLane } from './create-lane.ts';
import { jobValue } from './job-value.ts';
import type { RedisKeys } from './keys.ts';
import type { RecordReader } from './record-reader.ts';
import type { RedisArgument, RedisCalls } from './redis-caller.ts';
import { RedisUnavailableError } from './redis-errors.ts';
import type { Script } from './script.ts';
import { KEEP_GONE, RESTORE_FIELD, WITHDRAW } from './scripts/return.ts';
import { PRUNE, REMOVE, REPLACE, SAVE_OF_POD, SAVE_PROGRESS } from './scripts/write-jobs.ts';
import type { Tally, WriteAnswer } from './tally.ts';
import { untilKnown } from './until-known.ts';
import type { Withdrawals } from './withdrawals.ts';
import type { WriteRing } from './write-ring.ts';
import { workflowValue } from './workflow-value.ts';

export interface JobWritingParts {
  calls: RedisCalls;
  keys: RedisKeys;
  reader: RecordReader;
  tally: Tally;
  ring: WriteRing;
  withdrawals: Withdrawals;
  lane: CreateLane;
  /** Called when it stays unknown whether something was written. */
  onDoubt: () => void;
}

/** Jobs deleted by one script; others may write between two. */
const PRUNE_BATCH = 100;
const replayedSchema = z.tuple([z.string(), z.string()]);
const idsSchema = z.array(z.string());

/** Every change of a job: one script each, made again until it is known what came of it. */
export class JobWriting {
  constructor(private readonly parts: JobWritingParts) {}

  async create(
    job: Job,
    workflow: StoredWorkflow,
    claim: IdempotencyClaim | undefined,
    fence: Fence | undefined,
  ): Promise<CreateOutcome> {
    // What cannot be read back is not written.
    const checked = jobSchema.parse(job);
    const { id } = checked;
    const kept = { id, value: jobValue(checked), workflow: await workflowValue(workflow, claim), ...claimOf(claim) };
    const claimed = checked.state === 'queued' || isTerminal(checked.state) ? '' : '1';
    const more = claim || fence || claimed ? [kept.claim ?? '', kept.bodyHash ?? '', ...fenceOf(fence), claimed] : [];
    const { value, workflow: packed } = kept;
    const given = { id, value, workflow: packed, more };
    const { word, rest, again } = await this.parts.lane.create(given).catch((error: unknown) => {
      if (!(error instanceof RedisUnavailableError) || error.executed === 'no') throw error;
      // The caller is told that it was not accepted, so it must not be.
      this.parts.withdrawals.add(id, WITHDRAW, [id, kept.value]);
      this.parts.onDoubt();
      throw error;
    });
    if (word === 'lease_lost') throw new LeaseLostError(fence?.podId ?? '');
    if (word === 'conflict' || word === 'held_back') return { kind: word };
    if (word === 'replayed') return { kind: 'replayed', job: this.replayed(rest) };
    if (word !== 'created' && !(again && (word === 'same' || word === 'exists')))
      throw new Error(word === 'gone' ? `Job ${id} was deleted` : `There already is a job ${id}`);
    this.parts.ring.add({ kind: 'job', ...kept });
    return { kind: 'created' };
  }

  async replace(next: Job, fence: Fence | undefined): Promise<boolean> {
    const checked = jobSchema.parse(next);
    const value = jobValue(checked);
    const { word, again } = await this.write(REPLACE, [checked.id, value, ...fenceOf(fence)], fence);
    const done = word === 'replaced' || (again && word === 'same');
    if (done) this.parts.ring.add({ kind: 'job', id: checked.id, value });
    return done;
  }

  async saveProgress(id: string, progress: JobProgress, fence: Fence | undefined): Promise<void> {
    await this.write(SAVE_PROGRESS, [id, JSON.stringify(progress), ...fenceOf(fence)], fence);
  }

  async savePodMemory(podId: string, memory: PodMemory, fence: Fence | undefined): Promise<void> {
    await this.saveOfPod('memories', podId, memory, fence);
  }

  async savePodCondition(podId: string, condition: PodCondition, fence: Fence | undefined): Promise<void> {
    await this.saveOfPod('conditions', podId, condition, fence);
  }

  async remove(id: string): Promise<boolean> {
    const { word, again } = await this.write(REMOVE, [id]);
    const done = word === 'removed' || (again && word === 'gone');
    if (done) this.parts.ring.add({ kind: 'script', name: id, script: KEEP_GONE, args: [id] });
    return done;
  }

  async prune(beforeMs: number): Promise<string[]> {
    const pruned: string[] = [];
    for (let kept = 0; ;) {
      try {
        const ids = await this.endedBefore(beforeMs, kept);
        const gone = ids.length === 0 ? [] : await this.pruneThese(beforeMs, ids);
        pruned.push(...gone);
        kept += ids.length - gone.length;
        if (ids.length < PRUNE_BATCH) return pruned;
      } catch (error) {
        // What earlier batches deleted is told, so that its files go too; the rest is left for the next time.
        if (pruned.length > 0) return pruned;
        throw error;
      }
    }
  }

  private async saveOfPod(
    hash: 'memories' | 'conditions',
    podId: string,
    kept: PodMemory | PodCondition,
    fence: Fence | undefined,
  ): Promise<void> {
    const value = JSON.stringify(kept);
    await this.write(SAVE_OF_POD, [hash, podId, value, fence?.token ?? ''], fence);
    const args = [hash, podId, value, ...fenceOf(fence)];
    this.parts.ring.add({ kind: 'script', name: `${hash} ${podId}`, script: RESTORE_FIELD, args });
  }

  private async endedBefore(beforeMs: number, offset: number): Promise<string[]> {
    const { calls, keys } = this.parts;
    return idsSchema.parse(
      await untilKnown(() =>
        calls.call('ZRANGEBYSCORE', `${keys.base}ended`, '-inf', `(${beforeMs}`, 'LIMIT', offset, PRUNE_BATCH),
      ),
    );
  }

  private async pruneThese(beforeMs: number, ids: readonly string[]): Promise<string[]> {
    const { rest } = await this.write(PRUNE, [beforeMs, ...ids]);
    return idsSchema.parse(rest[0]);
  }

  private replayed(rest: unknown[]): Job {
    const [id, value] = replayedSchema.parse(rest);
    const made = this.parts.reader.read(id, value);
    if (made) return made.job;
    throw new StoreUnavailableError(`Job ${id}, which this key made, cannot be read by this Podium.`);
  }

  private async write(
    script: Script,
    args: readonly RedisArgument[],
    fence?: Fence,
  ): Promise<WriteAnswer & { again: boolean }> {
    const { calls, tally } = this.parts;
    const answer = await untilKnown(async (again) => ({ ...(await tally.run(calls, script, args)), again })).catch(
      (error: unknown) => {
        // The next connection calls all who look into what is not known.
        if (error instanceof RedisUnavailableError && error.executed === 'unknown') this.parts.onDoubt();
        throw error;
      },
    );
    if (answer.word === 'lease_lost') throw new LeaseLostError(fence?.podId ?? '');
    return answer;
  }
}

function fenceOf(fence: Fence | undefined): [string, string | number] {
  return fence ? [fence.podId, fence.token] : ['', ''];
}

function claimOf(claim: IdempotencyClaim | undefined): { claim?: string; bodyHash?: string } {
  return claim ? { claim: JSON.stringify(claim.key), bodyHash: claim.bodyHash } : {};
}

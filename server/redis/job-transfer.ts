import { z } from 'zod';
import { JOB_STATES, jobSchema } from '../../lib/jobs/job.ts';
import type { PodCondition, PodMemory } from '../jobs/pod-client.ts';
import type { JobBundle } from '../jobs/records/store-transfer.ts';
import type { CreateLane } from './create-lane.ts';
import { stateIndex, type JobReading } from './job-reading.ts';
import { jobValue, progressValue } from './job-value.ts';
import type { RedisKeys } from './keys.ts';
import { readCondition, readMemory } from '../jobs/records/stored-text.ts';
import type { RecordReader } from './record-reader.ts';
import { memberValue, workflowValue } from './workflow-value.ts';

const AT_ONCE = 100;
const pairsSchema = z.array(z.string());

/** Whole jobs, one after another, from another store and for another store. */
export class JobTransfer {
  constructor(
    private readonly keys: RedisKeys,
    private readonly reader: RecordReader,
    private readonly reading: JobReading,
    private readonly lane: CreateLane,
  ) {}

  async size(): Promise<number> {
    const pages = await this.reading.page('oldest', '', 0, JOB_STATES.map(stateIndex));
    return pages.reduce((sum, [, jobs]) => sum + jobs, 0);
  }

  async *bundles(): AsyncGenerator<JobBundle> {
    const indices = JOB_STATES.map(stateIndex);
    for (let after = ''; ;) {
      const pages = await this.reading.page('oldest', after, AT_ONCE, indices);
      const found = pages.flatMap(([members], at) => members.map((member) => ({ index: indices[at] ?? '', member })));
      const next = found.toSorted((a, b) => (a.member < b.member ? -1 : 1)).slice(0, AT_ONCE);
      const last = next.at(-1);
      if (!last) return;
      after = last.member;
      for (const stored of await this.reading.read(next)) {
        const bundle = await this.bundle(stored);
        if (bundle) yield bundle;
      }
    }
  }

  async podMemories(): Promise<{ podId: string; memory: PodMemory }[]> {
    return (await this.ofPods(this.keys.memories, readMemory)).map(([podId, memory]) => ({ podId, memory }));
  }

  async podConditions(): Promise<{ podId: string; condition: PodCondition }[]> {
    return (await this.ofPods(this.keys.conditions, readCondition)).map(([podId, condition]) => ({ podId, condition }));
  }

  async takeIn(bundles: readonly JobBundle[], nowMs: number): Promise<void> {
    for (let at = 0; at < bundles.length; at += AT_ONCE)
      await Promise.all(bundles.slice(at, at + AT_ONCE).map((bundle) => this.takeOne(bundle, nowMs)));
  }

  private async ofPods<T>(hash: string, read: (text: string) => T | undefined): Promise<[string, T][]> {
    const pairs = pairsSchema.parse(await this.reading.ask('HGETALL', hash));
    return pairs.flatMap((podId, at): [string, T][] => {
      const kept = at % 2 === 0 ? read(pairs[at + 1] ?? '') : undefined;
      return kept === undefined ? [] : [[podId, kept]];
    });
  }

  private async bundle(stored: Pick<JobBundle, 'job' | 'progress' | 'progressAt'>): Promise<JobBundle | undefined> {
    const { id } = stored.job;
    const kept = await this.reading.ownWorkflow(id);
    if (!kept) return this.reader.refuse(id, 'Its workflow is missing or damaged.');
    if ('values' in kept) return { ...stored, workflow: { values: kept.values } };
    const claim = kept.key === undefined ? undefined : await this.reading.claimOf(kept.key, id);
    return { ...stored, workflow: kept.workflow, ...(claim && { claim }) };
  }

  private async takeOne({ job, workflow, claim, progress, progressAt }: JobBundle, nowMs: number): Promise<void> {
    const checked = jobSchema.parse(job);
    const atMs = progressAt === undefined ? nowMs : Date.parse(progressAt);
    const more = [
      claim ? JSON.stringify(claim.key) : '',
      claim?.bodyHash ?? '',
      '',
      '',
      '',
      progress ? progressValue(progress, atMs) : '',
      '1',
    ];
    const own =
      'values' in workflow
        ? memberValue(checked.batch?.id ?? '', workflow.values)
        : await workflowValue(workflow, claim);
    const given = { id: checked.id, value: jobValue(checked), workflow: own, more };
    const { word, again } = await this.lane.create(given);
    if (word === 'created' || (again && word === 'same')) return;
    if (word === 'same' || word === 'exists') throw new Error(`There already is a job ${checked.id}`);
    throw new Error(`The key of job ${checked.id} belongs to another job here`);
  }
}

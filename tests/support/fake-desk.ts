import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { detailOf, summaryOf } from '../../lib/jobs/job-view.ts';
import { JOB_STATES, isTerminal, type Job, type JobIn, type JobOutput, type JobState } from '../../lib/jobs/job.ts';
import type { JobProgress } from '../../lib/jobs/progress.ts';
import { newJob, transition } from '../../lib/jobs/transition.ts';
import type {
  FailureList,
  JobDetail,
  JobFilter,
  JobList,
  JobOutlook,
  RetryJobBody,
  SubmitJobBody,
} from '../../lib/protocol/jobs.ts';
import type { PodAction, PodView } from '../../lib/protocol/pods.ts';
import { DeskError, type JobDesk, type PodDesk } from '../../server/jobs/desk.ts';
import { EventFan } from '../../server/jobs/event-fan.ts';
import { failureKey, failureListOf } from '../../server/jobs/failures/failure-groups.ts';
import { DefinedNodes } from '../../server/jobs/preflight/defined-nodes.ts';
import { NodeCatalogs } from '../../server/jobs/preflight/node-catalogs.ts';
import { PodJudge } from '../../server/jobs/preflight/pod-judge.ts';
import { PreflightDesk } from '../../server/jobs/preflight/workflow-desk.ts';
import { WorkflowReader } from '../../server/jobs/preflight/workflow-reader.ts';
import { readSubmitted } from '../../server/jobs/submitted-workflow.ts';
import type { JobEventInput } from '../../server/jobs/job-writer.ts';
import { StoreUnavailableError } from '../../server/jobs/job-store.ts';

/** A desk in memory that a test moves by hand: it has no pods that work and no store that waits. */
export class FakeDesk implements JobDesk, PodDesk {
  readonly events = new EventFan();
  readonly jobs: Map<string, Job>;
  readonly progress: Map<string, JobProgress>;
  readonly files = new Map<string, Buffer>();
  /** Every file that was opened, newest last. */
  readonly opened: Readable[] = [];
  readonly views: PodView[] = [podView('pod-1')];
  /** What `outlook` answers, by job id. */
  readonly outlooks = new Map<string, JobOutlook>();
  /** Every order about a pod, newest last. */
  readonly orders: { id: string; action: PodAction }[] = [];
  away = false;
  ready: { ready: boolean; reasons: string[] } = { ready: true, reasons: [] };
  /** Awaited by every read, once before and once after the store was looked at. */
  pause: (when: 'before' | 'after') => Promise<void> = () => Promise.resolve();
  /** Told by the front when browsers begin to watch a job, or no longer do. */
  onPreviewInterest: (jobId: string, wanted: boolean) => void = () => undefined;
  private readonly keys = new Map<string, { id: string; body: string }>();

  /** @param shared a desk whose store this one uses too, as instances do */
  constructor(shared?: FakeDesk) {
    this.jobs = shared?.jobs ?? new Map<string, Job>();
    this.progress = shared?.progress ?? new Map<string, JobProgress>();
  }

  async submit(body: SubmitJobBody, key?: string): Promise<{ kind: 'created' | 'replayed'; job: JobDetail }> {
    this.check();
    readSubmitted(body.workflow);
    const known = key === undefined ? undefined : this.keys.get(key);
    if (known && known.body !== JSON.stringify(body)) throw new DeskError('idempotency_conflict', 'Another body.');
    if (known) return { kind: 'replayed', job: this.detail(known.id) };
    const { name, metadata } = body;
    const job = this.add(name ?? 'a job', metadata && { metadata });
    if (key !== undefined) this.keys.set(key, { id: job.id, body: JSON.stringify(body) });
    return { kind: 'created', job: this.detail(job.id) };
  }

  /** A new queued job, told to everybody. */
  add(name: string, more: { metadata?: Record<string, unknown> } = {}): Job {
    const job = newJob({ id: randomUUID(), name, at: new Date().toISOString(), ...more });
    this.jobs.set(job.id, job);
    this.events.jobChanged(job);
    return job;
  }

  /** Applies the event: first to what is stored, then told. */
  change(id: string, input: JobEventInput): Job {
    const job = this.changeUnheard(id, input);
    this.events.jobChanged(job);
    return job;
  }

  /** Applies the event to what is stored, and tells nobody. */
  changeUnheard(id: string, input: JobEventInput): Job {
    const job = transition(this.stored(id), { ...input, at: new Date().toISOString() });
    this.jobs.set(id, job);
    return job;
  }

  /** A new job that runs on the pod; the prompt's id. */
  running(name: string): { id: string; promptId: string } {
    const { id } = this.add(name);
    const promptId = randomUUID();
    this.change(id, { type: 'claim', podId: 'pod-1', promptId });
    this.change(id, { type: 'accept' });
    return { id, promptId };
  }

  report(id: string, promptId: string, percent: number): void {
    const progress: JobProgress = { promptId, percent, phase: 'sampling' };
    this.progress.set(id, progress);
    this.events.jobProgress(id, progress);
  }

  /** A job that succeeded with these files. */
  finished(name: string, files: { filename: string; contentType: string; bytes: Buffer }[]): Job {
    const { id } = this.running(name);
    const outputs = files.map((file, index): JobOutput => {
      this.files.set(`${id}/${index}`, file.bytes);
      const { filename, contentType } = file;
      const sha256 = `${id}-${index}`;
      return {
        index,
        nodeId: '9',
        nodeName: 'Save',
        kind: 'file',
        filename,
        contentType,
        bytes: file.bytes.length,
        sha256,
      };
    });
    return this.change(id, { type: 'succeed', outputs });
  }

  /** Of pods that nothing is known of. */
  get workflows(): PreflightDesk {
    const catalogs = new NodeCatalogs({ view: this.pod, client: () => undefined });
    const nodes = new DefinedNodes(() => [], catalogs);
    const judge = new PodJudge({ pods: this.pods, catalogs, uploads: async () => new Set() });
    const reader = new WorkflowReader(nodes);
    return new PreflightDesk({ pods: this.pods, nodes, reader, judge, requirePod: () => undefined });
  }

  async get(id: string): Promise<JobDetail | undefined> {
    this.check();
    await this.pause('before');
    const found = this.jobs.has(id) ? this.detail(id) : undefined;
    await this.pause('after');
    return found;
  }

  async workflow(id: string) {
    return this.jobs.has(id) ? { prompt: { '1': { class_type: 'Note', inputs: {} } } } : undefined;
  }

  async list({ filter, limit }: { filter: JobFilter; limit: number; cursor?: string }): Promise<JobList> {
    this.check();
    await this.pause('before');
    const q = filter.q?.toLowerCase() ?? '';
    const named = [...this.jobs.values()].filter((job) => job.name.toLowerCase().includes(q));
    const jobs = named.filter((job) => !filter.state || filter.state.includes(job.state));
    const list = {
      jobs: jobs.slice(-limit).map((job) => summaryOf(job, this.progress.get(job.id))),
      nextCursor: null,
      counts: countsOf(named),
    };
    await this.pause('after');
    return list;
  }

  async cancel(id: string): Promise<JobDetail> {
    const job = this.stored(id);
    if (isTerminal(job.state)) throw new DeskError('state_conflict', `It is ${job.state}.`);
    this.change(id, { type: 'cancel_request' });
    return this.detail(id);
  }

  async retry(id: string, options: RetryJobBody = {}): Promise<JobDetail> {
    const job = this.stored(id);
    if (job.state !== 'failed' && job.state !== 'cancelled')
      throw new DeskError('state_conflict', `It is ${job.state}.`);
    const { pod, freeMemory } = options;
    this.change(id, {
      type: 'retry_request',
      ...(pod !== undefined && { podId: pod }),
      ...(freeMemory !== undefined && { freeMemory }),
    });
    return this.detail(id);
  }

  async outlook(id: string): Promise<JobOutlook> {
    this.stored(id);
    return this.outlooks.get(id) ?? { works: 'unknown', sentence: 'No pod could be asked what it has.', pods: [] };
  }

  async failures(): Promise<FailureList> {
    this.check();
    return failureListOf(this.failed());
  }

  async retryGroup(key: string): Promise<number> {
    this.check();
    const members = this.failed().filter(({ error }) => failureKey(error) === key);
    if (members.length === 0) throw new DeskError('not_found', `No failed job belongs to the group "${key}" any more.`);
    for (const { id } of members) this.change(id, { type: 'retry_request' });
    return members.length;
  }

  async output(id: string, index: number): Promise<JobOutput | undefined> {
    return this.jobs.get(id)?.outputs[index];
  }

  async counts(): Promise<Record<JobState, number>> {
    this.check();
    return countsOf([...this.jobs.values()]);
  }

  pods = (): PodView[] => this.views;
  pod = (id: string): PodView | undefined => this.views.find((view) => view.id === id);
  readiness = async () => this.ready;

  async order(id: string, action: PodAction): Promise<PodView> {
    this.check();
    const view = this.pod(id);
    if (!view) throw new DeskError('pod_not_found', `There is no pod "${id}".`);
    this.orders.push({ id, action });
    if (action !== 'free-memory') {
      view.drained = action === 'drain';
      view.state = action === 'drain' ? 'draining' : 'up';
      this.events.podChanged(view);
    }
    return view;
  }

  readonly outputs = {
    open: async (jobId: string, output: JobOutput, range?: { start: number; end: number }) => {
      const file = this.files.get(`${jobId}/${output.index}`);
      if (!file) return undefined;
      const part = range ? file.subarray(range.start, range.end + 1) : file;
      const chunks = Array.from({ length: Math.ceil(part.length / 65_536) }, (_, index) =>
        part.subarray(index * 65_536, (index + 1) * 65_536),
      );
      const body = Readable.from(chunks);
      this.opened.push(body);
      return { body, bytes: file.length };
    },
    thumbnail: async (jobId: string, output: JobOutput) => this.files.get(`${jobId}/${output.index}`),
  };

  private failed(): JobIn<'failed'>[] {
    return [...this.jobs.values()].filter((job) => job.state === 'failed');
  }

  private detail(id: string): JobDetail {
    return detailOf(this.stored(id), this.progress.get(id));
  }

  private stored(id: string): Job {
    const job = this.jobs.get(id);
    if (!job) throw new DeskError('job_not_found', `There is no job ${id}.`);
    return job;
  }

  private check(): void {
    if (this.away) throw new StoreUnavailableError('The disk is full.');
  }
}

function countsOf(jobs: Job[]): Record<JobState, number> {
  const none = Object.fromEntries(JOB_STATES.map((state) => [state, 0])) as Record<JobState, number>;
  for (const job of jobs) none[job.state] += 1;
  return none;
}

export function podView(id: string, more: Partial<PodView> = {}): PodView {
  return {
    id,
    name: id,
    url: 'http://pod.example:8188',
    demo: false,
    state: 'up',
    link: 'socket',
    version: '0.8.0',
    checkpoint: null,
    ram: null,
    devices: [],
    queue: { running: 1, pending: 2, foreign: 0, jobIds: [], slots: 2 },
    breaker: 'closed',
    drained: false,
    lastErrors: [],
    ...more,
  };
}

import type { JobProgress } from '../../../lib/jobs/progress.ts';
import type { NoteKind } from '../../../lib/jobs/transition.ts';
import type { Prompt } from '../../../lib/workflow/prompt.ts';
import { spanInWords } from '../../../lib/jobs/words.ts';
import { keepCancelling } from './cancelling.ts';
import type { JobEvents } from '../job-events.ts';
import type { Clock } from '../job-writer.ts';
import type { HeldLease } from '../leases/lease.ts';
import { LinkGaps } from '../pods/link-gaps.ts';
import type { Log } from '../log.ts';
import type { KnownWhereabouts, PodClient } from '../pod-client.ts';
import type { PromptEnd } from '../pod-events.ts';
import { Silence, wasHung, type SilencePolicy } from './silence.ts';
import { throttle, type Throttle } from './throttle.ts';

export interface FollowingDeps {
  pod: Pick<PodClient, 'follow' | 'cancel' | 'link' | 'onLink'>;
  lease: HeldLease;
  events: Pick<JobEvents, 'jobProgress' | 'jobPreview'>;
  clock: Clock;
  log: Log;
  /** At most one durable progress write per job in this time. */
  progressIntervalMs: number;
  silence: SilencePolicy;
  saveProgress: (progress: JobProgress) => Promise<void>;
  /** A line for the timeline. Never rejects. */
  note: (kind: NoteKind, detail: string) => Promise<void>;
}

interface Followed {
  jobId: string;
  promptId: string;
  prompt: Prompt;
  known?: KnownWhereabouts;
}

const MAX_UNFINISHED = 99;
/** A node may load a model for minutes without a word: the record shows that the job was followed all the while. */
const HEARTBEAT_MS = 30_000;
const MAX_SILENCE_LOOK_MS = 5000;
/** Lines about silence in one following; a prompt that wakes and falls silent again would fill its timeline. */
const MAX_SILENCES_TOLD = 10;

/** One prompt on its pod, until it ends there: tells and saves how far it is, and notes where its news stop. */
export class Following {
  progress: JobProgress | undefined;
  /** Whether the pod was asked to stop it because it gave no sign of life. */
  hung = false;
  private readonly hungWish = new AbortController();
  private readonly saver: Throttle<JobProgress>;
  private readonly silence: Silence;
  private silencesTold = 0;
  private notes: Promise<void> = Promise.resolve();

  /** `from`: what an earlier process left of its progress. */
  constructor(
    private readonly deps: FollowingDeps,
    private readonly followed: Followed,
    from?: JobProgress,
  ) {
    this.progress = from && audible(from);
    this.hung = wasHung(from, deps.silence);
    this.silence = new Silence(deps.silence.hungAfterMs, this.now(), from);
    this.saver = throttle(deps.progressIntervalMs, deps.saveProgress);
  }

  /** Resolves to undefined where the signal ended it. */
  async untilEnd(cancelWish: AbortSignal, signal: AbortSignal): Promise<PromptEnd | undefined> {
    const { pod, silence } = this.deps;
    const { jobId, promptId, prompt, known } = this.followed;
    const gaps = new LinkGaps(
      (kind, detail) => this.note(kind, detail),
      () => this.now(),
    );
    gaps.link(pod.link());
    const unlisten = pod.onLink((link) => gaps.link(link));
    const heartbeat = setInterval(() => this.beat(), HEARTBEAT_MS);
    const lookMs = Math.max(50, Math.min(silence.hungAfterMs / 4, MAX_SILENCE_LOOK_MS));
    const looking = silence.hungAfterMs > 0 ? setInterval(() => this.lookForLife(), lookMs) : undefined;
    const ended = new AbortController();
    const over = AbortSignal.any([signal, ended.signal]);
    const wish = AbortSignal.any([cancelWish, this.hungWish.signal]);
    const cancelling = keepCancelling(this.deps, { jobId, promptId }, wish, over);
    const from = this.progress;
    try {
      return await pod.follow(
        { promptId, prompt, ...(known && { known }), ...(from && { from }) },
        {
          onProgress: (told) => this.tell(told),
          onPreview: (preview) => this.deps.events.jobPreview(jobId, preview),
          onSignOfLife: () => this.heard(),
        },
        signal,
      );
    } catch (error) {
      if (!signal.aborted) throw error;
      return undefined;
    } finally {
      clearInterval(heartbeat);
      clearInterval(looking);
      unlisten();
      gaps.stop();
      ended.abort();
      await this.saver.stop();
      await cancelling;
      await this.notes;
    }
  }

  private tell(told: JobProgress): void {
    // 100 belongs to the job whose files are copied, not to the prompt that left them on its pod.
    this.progress = { ...told, percent: Math.min(told.percent, MAX_UNFINISHED) };
    this.publish();
  }

  private heard(): void {
    this.hung = this.hungWish.signal.aborted;
    if (this.silence.heard(this.now())) this.publish();
  }

  private publish(): void {
    if (!this.progress) return;
    const { silentSince } = this.silence;
    this.progress = { ...audible(this.progress), ...(silentSince !== undefined && { silentSince }) };
    this.deps.events.jobProgress(this.followed.jobId, this.progress);
    this.saver.offer(this.progress);
  }

  private beat(): void {
    if (!this.progress || this.deps.pod.link() === 'down') return;
    this.saver.offer({ ...this.progress, quietMs: this.silence.soFarMs });
  }

  private lookForLife(): void {
    const link = this.deps.pod.link();
    const begun = this.progress !== undefined && this.progress.phase !== 'queued';
    if (this.silence.look(this.now(), begun && (link === 'socket' || link === 'polling'))) this.tellSilence();
    // By polling alone a prompt that works at a long step looks just like one that hangs.
    const isOver = this.silence.silentSince !== undefined && link === 'socket';
    if (!isOver || this.deps.silence.hungAction !== 'cancel' || this.hungWish.signal.aborted) return;
    this.hung = true;
    this.hungWish.abort();
  }

  private tellSilence(): void {
    const { hungAfterMs, hungAction } = this.deps.silence;
    const then = hungAction === 'cancel' ? ' The pod is asked to stop it.' : '';
    this.publish();
    this.silencesTold += 1;
    if (this.silencesTold <= MAX_SILENCES_TOLD)
      this.note('silent', `No sign of life for ${spanInWords(hungAfterMs)} while it should run.${then}`);
  }

  private note(kind: NoteKind, detail: string): void {
    this.notes = this.notes.then(() => this.deps.note(kind, detail));
  }

  private now(): number {
    return this.deps.clock.now().getTime();
  }
}

/** The progress without what is said of silence. */
function audible({ silentSince: _since, quietMs: _quiet, ...progress }: JobProgress): JobProgress {
  return progress;
}

import { promptOf, type PodEvent } from '../../lib/jobs/pod-event.ts';
import {
  foldProgress,
  startProgress,
  type JobProgress,
  type ProgressFold,
  type ProgressLook,
} from '../../lib/jobs/progress.ts';
import type { Prompt } from '../../lib/workflow/prompt.ts';
import type { PromptEnd, PromptListener } from '../jobs/pod-events.ts';
import { executionError } from './classify.ts';
import type { PodMoment } from './restart-proof.ts';

export interface FollowTarget {
  promptId: string;
  prompt: Prompt;
  from?: JobProgress;
  /** Milliseconds from the start of one look to the next. */
  lookMs: number;
  /** When the pod was last known to have it. */
  seen: PodMoment;
}

/** What the watch keeps of one followed prompt. Times are the watch's clock, in milliseconds. */
export class FollowedPrompt {
  readonly promptId: string;
  readonly prompt: Prompt;
  readonly lookMs: number;
  seen: PodMoment;
  nextLookAt: number;
  looking = false;
  chasing = false;
  /** Since when REST shows it running without a frame about it. */
  silentSince: number | undefined;
  absentSince: number | undefined;
  absences = 0;
  running = false;
  private over = false;
  private cleanUp: () => void = () => undefined;
  private failure: PodEvent | undefined;
  private fold: ProgressFold;

  constructor(
    target: FollowTarget,
    private readonly listener: PromptListener,
    private readonly settled: { resolve: (end: PromptEnd) => void; reject: (error: unknown) => void },
    now: number,
  ) {
    this.promptId = target.promptId;
    this.prompt = target.prompt;
    this.lookMs = target.lookMs;
    this.seen = target.seen;
    this.nextLookAt = now;
    this.fold = startProgress(target.promptId, target.prompt, target.from);
  }

  /** Called once, when nothing more is to be told. */
  whenOver(cleanUp: () => void): void {
    this.cleanUp = cleanUp;
  }

  get done(): boolean {
    return this.over;
  }

  progress(news: PodEvent | ProgressLook): void {
    const before = this.fold.progress;
    this.fold = foldProgress(this.fold, news);
    if (this.fold.progress !== before) this.tell(() => this.listener.onProgress(this.fold.progress));
  }

  /** Takes one event about this prompt. @returns whether the event says that the prompt has ended */
  event(event: PodEvent): boolean {
    this.progress(event);
    this.running = true;
    if (event.type === 'execution_error') {
      if (event.data.exception_type === 'ExecutionBlocked') return false;
      this.failure = event;
      return true;
    }
    if (event.type === 'execution_success' || event.type === 'execution_interrupted') return true;
    return event.type === 'executing' && event.data.node === null && promptOf(event) !== undefined;
  }

  preview(preview: { contentType: 'image/jpeg' | 'image/png'; image: Uint8Array; nodeId?: string }): void {
    const { contentType, image: bytes, nodeId } = preview;
    if (!this.over)
      this.listener.onPreview?.({
        promptId: this.promptId,
        contentType,
        bytes,
        ...(nodeId !== undefined && { nodeId }),
      });
  }

  /** REST shows it pending or running. */
  stillThere(look: ProgressLook, moment: PodMoment, now: number): void {
    this.seen = moment;
    this.absences = 0;
    this.absentSince = undefined;
    this.running = look.type === 'running';
    this.silentSince = this.running ? (this.silentSince ?? now) : undefined;
    this.progress(look);
  }

  finish(end: PromptEnd): void {
    if (this.over) return;
    this.over = true;
    this.cleanUp();
    this.settled.resolve(end);
  }

  /** Ends the following without an end of the prompt: nobody listens any more, or something broke here. */
  abandon(error: unknown): void {
    if (this.over) return;
    this.over = true;
    this.cleanUp();
    this.settled.reject(error);
  }

  /** A listener that throws ends its own following, not the process. */
  private tell(call: () => void): void {
    if (this.over) return;
    try {
      call();
    } catch (error) {
      this.abandon(error);
    }
  }

  /** It is in neither queue nor history, and that is believed. What a frame told of its failure is all there is. */
  finishAbsent(): void {
    this.finish(
      this.failure
        ? { kind: 'failed', error: executionError(this.failure.data, this.prompt), outputs: [] }
        : { kind: 'absent' },
    );
  }
}

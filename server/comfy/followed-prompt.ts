import { promptOf, type PodEvent } from '../../lib/jobs/pod-event.ts';
import {
  foldProgress,
  startProgress,
  type JobProgress,
  type ProgressFold,
  type ProgressLook,
} from '../../lib/jobs/progress.ts';
import type { Prompt } from '../../lib/workflow/prompt.ts';
import type { KnownWhereabouts } from '../jobs/pod-client.ts';
import type { PromptEnd, PromptListener } from '../jobs/pod-events.ts';
import { classifyFailure } from './classify.ts';
import { blockedWarning } from './failures/execution-failure.ts';
import { nodeLabel } from '../../lib/workflow/node-label.ts';
import type { PodMoment } from './restart-proof.ts';

export interface FollowTarget {
  promptId: string;
  prompt: Prompt;
  from?: JobProgress;
  /** Where a survey has just found it. */
  known?: KnownWhereabouts;
  /** Milliseconds from the start of one look to the next. */
  lookMs: number;
  /** When the pod was last known to have it. */
  seen: PodMoment;
}

/** Nodes held back that are remembered. */
const MAX_BLOCKED = 50;

/** What the watch keeps of one followed prompt. Times are the watch's clock, in milliseconds. */
export class FollowedPrompt {
  readonly promptId: string;
  readonly prompt: Prompt;
  readonly lookMs: number;
  seen: PodMoment;
  nextLookAt: number;
  looking = false;
  chasing = false;
  /** When a look last showed it in the queue. */
  thereAt: number | undefined;
  /** A frame has told its end. */
  endTold = false;
  absentSince: number | undefined;
  absences = 0;
  running = false;
  private over = false;
  private cleanUp: () => void = () => undefined;
  private failure: PodEvent | undefined;
  /** Warnings about nodes that were held back, by what the nodes are called: history does not keep them. */
  private readonly blocked = new Map<string, string>();
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

  /** `isHint`: told on a reconnect of whatever runs, which shows nothing of its life. */
  progress(news: PodEvent | ProgressLook, isHint = false): void {
    const before = this.fold.progress;
    this.fold = foldProgress(this.fold, news);
    if (this.fold.progress === before) return;
    if (!isHint) this.alive();
    this.tell(() => this.listener.onProgress(this.fold.progress));
  }

  /** Something was heard of it, whether or not that says how far it is. */
  alive(): void {
    this.tell(() => this.listener.onSignOfLife?.());
  }

  /** Takes one event about this prompt. @returns whether the event says that the prompt has ended */
  event(event: PodEvent): boolean {
    this.alive();
    this.progress(event);
    this.running = true;
    if (event.type === 'execution_error') {
      const warning = blockedWarning(event.data, this.prompt);
      if (warning !== undefined) {
        const { node_id: id, node_type: type } = event.data;
        const label = nodeLabel(id ?? '', this.prompt, type ?? undefined);
        if (this.blocked.size < MAX_BLOCKED) this.blocked.set(label, warning);
        return false;
      }
      this.failure = event;
      return true;
    }
    if (event.type === 'execution_success' || event.type === 'execution_interrupted') return true;
    return event.type === 'executing' && event.data.node === null && promptOf(event) !== undefined;
  }

  preview(preview: { contentType: 'image/jpeg' | 'image/png'; image: Uint8Array; nodeId?: string }): void {
    const { contentType, image: bytes, nodeId } = preview;
    this.alive();
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
    this.thereAt = now;
    this.progress(look);
  }

  finish(end: PromptEnd): void {
    if (this.over) return;
    this.over = true;
    this.cleanUp();
    this.settled.resolve(end.kind === 'succeeded' ? { ...end, warnings: this.warningsOf(end.warnings) } : end);
  }

  /** Where a frame told why a node made nothing, its reason stands in for what history shows of it. */
  private warningsOf(warnings: readonly string[]): string[] {
    const unexplained = warnings.filter(
      (warning) => ![...this.blocked.keys()].some((label) => warning.startsWith(label)),
    );
    return [...unexplained, ...this.blocked.values()];
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
        ? {
            kind: 'failed',
            error: classifyFailure({ kind: 'execution', data: this.failure.data, prompt: this.prompt }),
            outputs: [],
          }
        : { kind: 'absent' },
    );
  }
}

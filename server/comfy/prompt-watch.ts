import { promptOf, type PodEvent } from '../../lib/jobs/pod-event.ts';
import { PodCallError } from '../jobs/pod-client.ts';
import type { PromptEnd, PromptListener } from '../jobs/pod-events.ts';
import { waitMs } from '../jobs/wait.ts';
import { FollowedPrompt, type FollowTarget } from './followed-prompt.ts';
import type { PodFrame } from './frames.ts';
import { placeInQueue, type PromptLookup } from './prompt-lookup.ts';
import type { PodMoment, RestartProof } from './restart-proof.ts';
import { SocketHearing } from './socket-hearing.ts';
import type { PodTiming } from './timing.ts';

interface WatchDeps {
  lookup: PromptLookup;
  proof: () => RestartProof;
  timing: PodTiming;
  now: () => number;
  /** The socket seems not to hear: close it and open another. */
  mendSocket: () => void;
  /** Since when the socket is open, by `now`; undefined while it is not. */
  socketOpenSince: () => number | undefined;
  /** Whether Podium itself asked the pod to drop this prompt. */
  isCancelled: (promptId: string) => boolean;
}

/** Prompts due this soon share one look. */
const BATCH_MS = 300;
const ABSENT_LOOK_MS = 500;
const MIN_ABSENCES = 3;
const UNAUTHORIZED_LOOK_MS = 15_000;
/** Pauses between reads of history for a prompt whose end a frame has told; the entry may be written a moment later. */
const CHASE_MS = [0, 50, 100, 200, 400, 800] as const;

/**
 * Follows prompts of one pod by its socket and by looks at queue and history. The looks go on whatever the socket says,
 * so an end is known within one look even when frames lie, lag or stop.
 */
export class PromptWatch {
  private readonly followed = new Set<FollowedPrompt>();
  private readonly closing = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private readonly hearing: SocketHearing;

  constructor(private readonly deps: WatchDeps) {
    this.hearing = new SocketHearing(deps.timing);
  }

  /** Resolves with the prompt's end. @throws the signal's reason when that comes first */
  follow(target: FollowTarget, listener: PromptListener, signal: AbortSignal): Promise<PromptEnd> {
    return new Promise<PromptEnd>((resolve, reject) => {
      const item = new FollowedPrompt(target, listener, { resolve, reject }, this.deps.now());
      const abort = () => item.abandon(signal.reason);
      this.followed.add(item);
      item.whenOver(() => {
        this.followed.delete(item);
        signal.removeEventListener('abort', abort);
      });
      if (signal.aborted || this.closing.signal.aborted)
        item.abandon(signal.reason ?? new Error('The pod client was stopped'));
      else signal.addEventListener('abort', abort, { once: true });
      this.begin(item, target);
      this.schedule();
    });
  }

  /** Where a survey has just found the prompt there is nothing to look for yet. */
  private begin(item: FollowedPrompt, { known, seen, lookMs }: FollowTarget): void {
    const now = this.deps.now();
    if (known?.kind === 'running' || known?.kind === 'pending') {
      const { kind: type } = known;
      item.stillThere(type === 'pending' ? { type, position: known.position } : { type }, seen, now);
      item.nextLookAt = now + lookMs;
    } else if (known) item.finish(known.end);
  }

  /** One frame of the socket. */
  frame(frame: PodFrame): void {
    if (frame.kind === 'event') this.event(frame.event);
    if (frame.kind !== 'preview') return;
    const { ids } = this.deps.lookup;
    this.hearing.heard(this.deps.now());
    const item = frame.promptId === undefined ? this.onlyRunning() : this.of(ids.oursOf(frame.promptId))[0];
    item?.preview(frame);
  }

  /** Looks at all followed prompts now: the socket has just opened or broken, so anything may have happened. */
  lookNow(): void {
    const now = this.deps.now();
    for (const item of this.followed) item.nextLookAt = now;
    this.schedule();
  }

  /** Ends every following under way with an error. */
  close(): void {
    this.closing.abort();
    clearTimeout(this.timer);
    for (const item of [...this.followed]) item.abandon(new Error('The pod client was stopped'));
  }

  private event(event: PodEvent): void {
    if (event.type === 'status') {
      this.hearing.heardAtAll();
      return this.lookAtPending();
    }
    const id = promptOf(event);
    const hint = id === undefined && event.type === 'executing';
    if (!hint) this.hearing.heard(this.deps.now(), event);
    if (id === undefined) {
      // Old pods leave the id out, and so does the hint after a reconnect: it can only mean the prompt that runs.
      const item = this.onlyRunning();
      if (!hint) item?.alive();
      if (item && event.type !== 'executed') item.progress(withPrompt(event, item.promptId), hint);
      return;
    }
    const ours = this.deps.lookup.ids.oursOf(id);
    const named = ours === id ? event : withPrompt(event, ours);
    for (const item of this.of(ours)) {
      if (!item.event(named)) continue;
      item.endTold = true;
      void this.chase(item);
    }
  }

  /** The queue's length changed: places in it did too. */
  private lookAtPending(): void {
    const soon = this.deps.now() + BATCH_MS;
    for (const item of this.followed) if (!item.running) item.nextLookAt = Math.min(item.nextLookAt, soon);
    this.schedule();
  }

  private schedule(): void {
    clearTimeout(this.timer);
    if (this.closing.signal.aborted) return;
    const waiting = [...this.followed].filter((item) => !item.looking);
    if (waiting.length === 0) return;
    const next = Math.min(...waiting.map((item) => item.nextLookAt));
    this.timer = setTimeout(() => this.tick(), Math.max(0, next - this.deps.now()));
  }

  private tick(): void {
    const until = this.deps.now() + BATCH_MS;
    const due = [...this.followed].filter((item) => !item.looking && item.nextLookAt <= until);
    if (due.length > 0) void this.look(due);
    this.schedule();
  }

  private async look(due: FollowedPrompt[]): Promise<void> {
    const begun = this.deps.now();
    const moment = this.deps.proof().moment();
    for (const item of due) {
      item.looking = true;
      item.nextLookAt = begun + item.lookMs;
    }
    try {
      const asked = await Promise.all(due.map(async (item) => item.running && (await this.stillRuns(item, moment))));
      const rest = due.filter((item, index) => !asked[index] && !item.done);
      if (rest.length === 0) return;
      const queue = await this.deps.lookup.queue().catch(async (error: unknown) => {
        // One broken entry of anybody can spoil the whole queue's answer; an end is told by history alone.
        if (error instanceof PodCallError && error.kind !== 'unauthorized')
          await Promise.all(rest.map((item) => this.finishFromHistory(item)));
        throw error;
      });
      await Promise.all(rest.map((item) => this.take(item, placeInQueue(queue, item.promptId), moment, begun)));
    } catch (error) {
      this.afterFailure(error, due);
    } finally {
      for (const item of due) item.looking = false;
      this.suspectSocket();
      this.schedule();
    }
  }

  private async take(
    item: FollowedPrompt,
    place: ReturnType<typeof placeInQueue>,
    moment: PodMoment,
    begun: number,
  ): Promise<void> {
    if (!place) return this.lookInHistory(item);
    const { kind: type } = place;
    item.stillThere(type === 'pending' ? { type, position: place.position } : { type }, moment, begun);
    if (type === 'running') this.hearing.seenRunning(begun);
  }

  /** Newer pods tell of one prompt without sending their whole queue; anything but a plain yes is looked into. */
  private async stillRuns(item: FollowedPrompt, moment: PodMoment): Promise<boolean> {
    const begun = this.deps.now();
    const runs = await this.deps.lookup.isRunning(item.promptId).catch((error: unknown) => {
      if (error instanceof PodCallError) return false;
      throw error;
    });
    if (!runs) return false;
    item.stillThere({ type: 'running' }, moment, begun);
    this.hearing.seenRunning(begun);
    return true;
  }

  private async lookInHistory(item: FollowedPrompt): Promise<void> {
    if (await this.finishFromHistory(item)) return this.noteEndFoundByLook(item);
    const now = this.deps.now();
    item.running = false;
    item.absences += 1;
    item.absentSince ??= now;
    item.nextLookAt = now + ABSENT_LOOK_MS;
    if (item.absences < 2) return;
    const { timing, lookup } = this.deps;
    const absentMs = now - item.absentSince;
    if (await this.deps.proof().since(item.seen, lookup, absentMs >= timing.absentMs))
      return item.finish({ kind: 'forgotten' });
    const enough = this.deps.isCancelled(item.promptId) ? timing.cancelledAbsentMs : timing.absentMs;
    if (item.absences >= MIN_ABSENCES && absentMs >= enough) item.finishAbsent();
  }

  /** Reads history at once and again for a moment: a frame has told the end, the entry may still be on its way. */
  private async chase(item: FollowedPrompt): Promise<void> {
    if (item.chasing) return;
    item.chasing = true;
    try {
      for (const pauseMs of CHASE_MS) {
        await waitMs(pauseMs, this.closing.signal);
        if (item.done || this.closing.signal.aborted || (await this.finishFromHistory(item))) return;
      }
    } catch (error) {
      this.afterFailure(error, [item]);
    } finally {
      item.chasing = false;
    }
  }

  /** A pod that cannot be asked is asked again; one that refuses the credentials only seldom. */
  private afterFailure(error: unknown, items: FollowedPrompt[]): void {
    if (!(error instanceof PodCallError)) for (const item of items) item.abandon(error);
    else if (error.kind === 'unauthorized')
      for (const item of items) item.nextLookAt = this.deps.now() + UNAUTHORIZED_LOOK_MS;
  }

  private async finishFromHistory(item: FollowedPrompt): Promise<boolean> {
    const end = await this.deps.lookup.end(item.promptId, item.prompt);
    if (!end) return item.done;
    if (item.done) return true;
    this.deps.proof().noteEnded(this.deps.lookup.ids.onPod(item.promptId));
    item.finish(end);
    return true;
  }

  /** A socket that was open while the prompt was still there should have told its end; the frame may be on its way. */
  private noteEndFoundByLook(item: FollowedPrompt): void {
    const openSince = this.deps.socketOpenSince();
    const wasOpen = openSince !== undefined && item.thereAt !== undefined && item.thereAt >= openSince;
    if (wasOpen && !item.endTold) this.hearing.endUntold(this.deps.now());
  }

  private suspectSocket(): void {
    if (this.hearing.isSuspect(this.deps.now(), this.deps.socketOpenSince())) this.deps.mendSocket();
  }

  private of(promptId: string): FollowedPrompt[] {
    return [...this.followed].filter((item) => item.promptId === promptId);
  }

  private onlyRunning(): FollowedPrompt | undefined {
    const running = [...this.followed].filter((item) => item.running);
    return running.length === 1 ? running[0] : undefined;
  }
}

function withPrompt(event: PodEvent, promptId: string): PodEvent {
  return { ...event, data: { ...event.data, prompt_id: promptId } } as PodEvent;
}

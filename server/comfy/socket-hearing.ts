import type { PodEvent } from '../../lib/jobs/pod-event.ts';
import type { PodTiming } from './timing.ts';

/** Of the usual patience: enough after brisk steps, or after an end that no frame has told. */
const HASTE = 0.4;
/** Of the usual patience: steps closer together than this are brisk, and a frame is on its way no longer. */
const MOMENT = 0.1;
/** Pauses between steps that show their pace. */
const PAUSES = 2;

interface Steps {
  node: string | null | undefined;
  lastAt: number;
  pauses: number;
  slowestMs: number;
}

/**
 * Judges whether the pod still tells this socket anything. A node may load a model for minutes without a word, or the pod
 * has taken the socket off its list, as it does when an older one of the same client closes: then not even the ends of
 * prompts are told. Silence counts on from one prompt to the next, so that prompts too short to be missed are missed
 * together. All times are the caller's clock, in milliseconds.
 */
export class SocketHearing {
  /** Since when something of ours runs, or has run, without a frame. */
  private silentSince: number | undefined;
  private steps: Steps | undefined;
  /** When a look found that a prompt of ours had ended, and no frame said so. */
  private untoldAt: number | undefined;
  private patienceMs: number;

  constructor(private readonly timing: Pick<PodTiming, 'deafMs' | 'maxDeafMs'>) {
    this.patienceMs = timing.deafMs;
  }

  /** A frame that the pod sends to this client alone. */
  heard(now: number, event?: PodEvent): void {
    this.heardAtAll();
    this.patienceMs = this.timing.deafMs;
    if (event?.type === 'progress') this.steps = this.stepped(event.data, now);
    else if (event && event.type !== 'progress_state') this.steps = undefined;
  }

  /** A frame that goes to every socket on the pod's list; so does the greeting, and more than that is not known of a new one. */
  heardAtAll(): void {
    this.silentSince = undefined;
    this.untoldAt = undefined;
  }

  /** A look shows a prompt of ours running. */
  seenRunning(now: number): void {
    this.silentSince ??= now;
  }

  /** A look shows that a prompt of ours, which was there while this socket was open, has ended; no frame has told it. */
  endUntold(now: number): void {
    this.silentSince ??= now;
    this.untoldAt ??= now;
  }

  /** Whether another socket should be tried, which does no harm; asked for in vain it is seldom the answer again. */
  isSuspect(now: number, openSince: number | undefined): boolean {
    if (openSince === undefined || this.silentSince === undefined) return false;
    const { steps } = this;
    const moment = this.timing.deafMs * MOMENT;
    const brisk = steps !== undefined && steps.pauses >= PAUSES && steps.slowestMs <= moment;
    const untold = this.untoldAt !== undefined && now - this.untoldAt >= moment;
    const since = Math.max(openSince, brisk ? steps.lastAt : this.silentSince);
    if (now - since < (brisk || untold ? this.patienceMs * HASTE : this.patienceMs)) return false;
    this.patienceMs = Math.min(this.patienceMs * 2, this.timing.maxDeafMs);
    this.steps = undefined;
    this.untoldAt = undefined;
    return true;
  }

  /** After a node's last step anything may take long. */
  private stepped(step: Extract<PodEvent, { type: 'progress' }>['data'], now: number): Steps | undefined {
    const { node, value, max } = step;
    if (typeof value !== 'number' || typeof max !== 'number' || value >= max) return undefined;
    const before = this.steps?.node === node ? this.steps : undefined;
    if (!before) return { node, lastAt: now, pauses: 0, slowestMs: 0 };
    const slowestMs = Math.max(before.slowestMs, now - before.lastAt);
    return { node, lastAt: now, pauses: before.pauses + 1, slowestMs };
  }
}

import type { PodMoment } from './restart-proof.ts';

const MAX = 1000;

/** What this client did lately with prompts: the newest thousand. */
export class RecentPrompts {
  private readonly moments = new Map<string, PodMoment>();
  private readonly cancels = new Set<string>();

  submitted(promptId: string, moment: PodMoment): void {
    this.moments.delete(promptId);
    this.moments.set(promptId, moment);
    const oldest = this.moments.keys().next().value;
    if (this.moments.size > MAX && oldest !== undefined) this.moments.delete(oldest);
  }

  /** When the pod was given it; undefined for a prompt of an earlier process. */
  seen(promptId: string): PodMoment | undefined {
    return this.moments.get(promptId);
  }

  cancelled(promptId: string): void {
    this.cancels.add(promptId);
    const oldest = this.cancels.values().next().value;
    if (this.cancels.size > MAX && oldest !== undefined) this.cancels.delete(oldest);
  }

  isCancelled(promptId: string): boolean {
    return this.cancels.has(promptId);
  }
}

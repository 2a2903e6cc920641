import { spanInWords } from '../../../lib/jobs/words.ts';
import { afterRealTime, type After } from '../runs/coalescer.ts';
import type { LinkState } from '../pod-client.ts';

/** A gap shorter than this is told to nobody: sockets break and come back. */
export const GAP_TOLD_AFTER_MS = 5000;
/** Gaps told of one prompt; a socket that comes and goes would fill its timeline. */
const MAX_TOLD = 10;

/** Tells of gaps in a pod's live connection while one prompt is followed. */
export class LinkGaps {
  private wasOpen = false;
  private lostAt: number | undefined;
  private isTold = false;
  private told = 0;
  private cancel: () => void = () => undefined;

  constructor(
    private readonly tell: (kind: 'socket_lost' | 'socket_back', detail: string) => void,
    private readonly now: () => number,
    private readonly after: After = afterRealTime,
  ) {}

  link(link: LinkState): void {
    if (link === 'socket') return this.back();
    if (!this.wasOpen || this.lostAt !== undefined) return;
    this.lostAt = this.now();
    this.cancel = this.after(GAP_TOLD_AFTER_MS, () => this.lost());
  }

  stop(): void {
    this.cancel();
  }

  private lost(): void {
    if (this.told >= MAX_TOLD) return;
    this.told += 1;
    this.isTold = true;
    this.tell('socket_lost', 'What the pod does is found out by asking it until the connection is back.');
  }

  private back(): void {
    this.cancel();
    const { lostAt, isTold } = this;
    this.wasOpen = true;
    this.lostAt = undefined;
    this.isTold = false;
    if (isTold && lostAt !== undefined)
      this.tell('socket_back', `It was gone for ${spanInWords(this.now() - lostAt)}; nothing was lost.`);
  }
}

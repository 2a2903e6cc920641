import { ProgressLine } from './progress-line.ts';
import type { Terminal } from './terminal.ts';

/** A start that is done by then shows nothing. */
const QUIET_MS = 500;

/** Shows at a terminal how many of the jobs that were in flight are taken up, where that takes long enough to be noticed. */
export class RecoveryBar {
  private line: ProgressLine | undefined;
  private timer: NodeJS.Timeout | undefined;
  private latest = { done: 0, total: 0 };
  private over = false;

  constructor(private readonly out: Terminal['stdout']) {}

  /** `ended`: nothing more will be known, e.g. because a pod does not answer. */
  show(done: number, total: number, ended: boolean): void {
    if (!this.out.isTTY || this.over) return;
    this.latest = { done, total };
    this.line?.show(done, total);
    if (ended) this.end();
    else if (total > 0) this.timer ??= setTimeout(() => this.begin(), QUIET_MS).unref();
  }

  private begin(): void {
    this.line = new ProgressLine(this.out, 'jobs taken up');
    this.line.show(this.latest.done, this.latest.total);
  }

  private end(): void {
    this.over = true;
    clearTimeout(this.timer);
    this.line?.end();
  }
}

import type { Terminal } from './terminal.ts';

const WIDTH = 30;
/** Least time between two drawings of the bar. */
const REDRAW_MS = 100;

/** How far a long command is: a bar that is drawn over itself on a terminal, a plain line each tenth elsewhere. */
export class ProgressLine {
  private readonly startedAt: number;
  private drawnAt = -Infinity;
  private tenths = 0;
  private open = false;

  /** @param now milliseconds of a clock that never goes back */
  constructor(
    private readonly out: Terminal['stdout'],
    private readonly what: string,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.startedAt = this.now();
  }

  show(done: number, total: number): void {
    if (this.out.isTTY) this.draw(done, total);
    else this.tell(done, total);
  }

  /** What is written next stands on a line of its own. */
  end(): void {
    if (this.open) this.out.write('\n');
    this.open = false;
  }

  private draw(done: number, total: number): void {
    const now = this.now();
    if (done < total && now - this.drawnAt < REDRAW_MS) return;
    this.drawnAt = now;
    const share = total === 0 ? 1 : Math.min(1, done / total);
    const full = Math.round(share * WIDTH);
    const left = share === 0 ? 0 : ((now - this.startedAt) * (1 - share)) / share;
    const rest = left >= 1000 ? `, ${Math.ceil(left / 1000)} s left` : '';
    const bar = `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)}`;
    this.out.write(`\r\u001b[K${bar} ${Math.floor(share * 100)} %  ${done} of ${total} ${this.what}${rest}`);
    this.open = true;
  }

  private tell(done: number, total: number): void {
    const tenths = total === 0 ? 10 : Math.floor((done * 10) / total);
    if (tenths <= this.tenths) return;
    this.tenths = tenths;
    this.out.write(`${done} of ${total} ${this.what}\n`);
  }
}

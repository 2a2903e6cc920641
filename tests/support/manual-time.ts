/** Time that passes only when a test says so. */
export class ManualTime {
  private ms = 0;
  private timers: { at: number; fn: () => void }[] = [];

  readonly now = (): number => this.ms;

  readonly after = (ms: number, fn: () => void): (() => void) => {
    const timer = { at: this.ms + ms, fn };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((one) => one !== timer);
    };
  };

  /** Lets `ms` pass; what is due is called in its order. */
  pass(ms: number): void {
    const end = this.ms + ms;
    for (;;) {
      const [next] = this.timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.timers = this.timers.filter((one) => one !== next);
      this.ms = next.at;
      next.fn();
    }
    this.ms = end;
  }

  get waiting(): number {
    return this.timers.length;
  }
}

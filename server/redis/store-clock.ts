/** A correction smaller than this is made without going back. */
const JUMP_MS = 1000;

/**
 * Redis' time without asking each time: its last answer and what this process has counted since, so that a change of the
 * machine's own clock is not felt.
 */
export class StoreClock {
  /** Redis' time minus `performance.now`, in ms. Until Redis answers, the machine's time stands in. */
  private offsetMs = Date.now() - performance.now();
  private last = 0;

  /** @param time Redis' answer to TIME @param asked when it was asked, by `performance.now` */
  set(time: unknown, asked: number): void {
    if (!Array.isArray(time)) return;
    const [seconds, microseconds] = time.map(Number);
    if (seconds === undefined || microseconds === undefined || !Number.isFinite(seconds + microseconds)) return;
    const offsetMs = seconds * 1000 + microseconds / 1000 - (asked + performance.now()) / 2;
    if (Math.abs(offsetMs - this.offsetMs) > JUMP_MS) this.last = 0;
    this.offsetMs = offsetMs;
  }

  now(): Date {
    this.last = Math.max(this.last, Math.floor(performance.now() + this.offsetMs));
    return new Date(this.last);
  }
}

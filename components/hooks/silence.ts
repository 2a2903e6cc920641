/** The server pings each second. */
export const SILENT_MS = 3000;
export const LOOK_MS = 500;
/** A look that comes this late shows that the page itself stood still, and proves nothing about the server. */
const LATE_LOOK_MS = 1500;

/** Tells when a server that pings each second has gone silent although its connection stands, as a frozen one does. */
export class Silence {
  private heardAt: number;
  private lookedAt: number;

  constructor(private readonly now: () => number) {
    this.heardAt = now();
    this.lookedAt = this.heardAt;
  }

  heard(): void {
    this.heardAt = this.now();
  }

  /** To be asked every `LOOK_MS`. */
  isTooLong(): boolean {
    const now = this.now();
    const stoodStill = now - this.lookedAt > LATE_LOOK_MS;
    this.lookedAt = now;
    if (stoodStill) this.heardAt = now;
    return now - this.heardAt > SILENT_MS;
  }
}

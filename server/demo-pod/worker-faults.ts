/** What a test can make of a pod's worker. */
export class WorkerFaults {
  /** This many interrupts are erased, as one that lands between dequeue and start. */
  interruptsLost = 0;
  /** Milliseconds between `execution_success` and the history entry; the prompt still stands as running. */
  historyLateMs = 0;
  /** Milliseconds for which an ended prompt is neither in the queue nor in history. */
  historyGapMs = 0;
  /** Steps of sampling and of probes that may still be taken; the one after them waits, deaf to interrupts. */
  stepsLeft = Number.POSITIVE_INFINITY;
  private isStuck = false;

  constructor(private readonly freed: () => void) {}

  /** The worker takes nothing from the queue, as after its thread died. */
  get stuck(): boolean {
    return this.isStuck;
  }

  set stuck(value: boolean) {
    this.isStuck = value;
    if (!value) this.freed();
  }

  /** Takes one of the steps left, where there is one. */
  takeStep(): boolean {
    if (this.stepsLeft < 1) return false;
    this.stepsLeft -= 1;
    return true;
  }
}

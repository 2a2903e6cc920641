import type { PodMemory } from '../jobs/pod-client.ts';
import type { PromptLookup } from './prompt-lookup.ts';

/** A moment at which something was known of a prompt; compared with what has happened to the pod since. */
export interface PodMoment {
  outages: number;
  restarts: number;
}

/** Before anything was watched: whatever happened in between counts as an outage. */
export const UNWATCHED: PodMoment = { outages: -1, restarts: 0 };

/**
 * What proves that a pod restarted and so forgot its queue and history (§2 of the protocol): a submission numbered lower
 * than one before it. History that no longer knows what it knew is a sign of it only together with an outage, and even
 * then anybody may have emptied it: where a number is remembered, the pod is asked for one. An outage alone is no sign:
 * proxies and cables break too.
 */
export class RestartProof {
  private outages = 0;
  private restarts = 0;
  /** Outages after which the pod was last proven to live on. */
  private aliveAfter = -1;
  private asking: Promise<void> | undefined;

  constructor(
    private memory: PodMemory,
    private readonly onMemory: (memory: PodMemory) => void,
    /** The number a submission gets now; undefined where the pod does not tell. */
    private readonly askNumber: () => Promise<number | undefined>,
  ) {}

  get clientId(): string {
    return this.memory.clientId;
  }

  /** Highest number given to a submission of ours so far; taken before a POST and given back with its answer. */
  get highestNumber(): number | undefined {
    return this.memory.highestNumber;
  }

  moment(): PodMoment {
    return { outages: this.outages, restarts: this.restarts };
  }

  /**
   * When a submission was taken that was sent at `sent`. An outage noted meanwhile may have come after the pod had answered,
   * so it counts as later; a restart that the answer itself shows came before.
   */
  momentOfAnswer(sent: PodMoment): PodMoment {
    return { outages: sent.outages, restarts: this.restarts };
  }

  /** The pod could not be asked, or its socket broke. */
  noteOutage(): void {
    this.outages += 1;
  }

  /** A submission was numbered. `before` is what `highestNumber` was when it left: a later one may be higher. */
  noteNumber(number: number, before: number | undefined): void {
    if (before !== undefined && number <= before) {
      this.forget({ clientId: this.memory.clientId, highestNumber: number });
    } else if (number > (this.memory.highestNumber ?? -1)) {
      this.remember({ ...this.memory, highestNumber: number });
    }
  }

  /** History knows this prompt. */
  noteEnded(promptId: string): void {
    if (this.memory.witnessPromptId !== promptId) this.remember({ ...this.memory, witnessPromptId: promptId });
  }

  /**
   * Whether the pod has proven to have restarted since. `orEmpty`: where no witness is known, a wholly empty history
   * counts too; only for a prompt that the pod certainly had. @throws PodCallError
   */
  async since(moment: PodMoment, lookup: PromptLookup, orEmpty: boolean): Promise<boolean> {
    if (this.restarts > moment.restarts) return true;
    if (this.outages <= moment.outages || this.outages === this.aliveAfter) return false;
    const witness = this.memory.witnessPromptId;
    const gone =
      witness === undefined ? orEmpty && (await lookup.historyIsEmpty()) : !(await lookup.inHistory(witness));
    if (!gone) return false;
    const { clientId, highestNumber } = this.memory;
    if (highestNumber === undefined) {
      if (this.restarts === moment.restarts) this.forget({ clientId });
      return true;
    }
    this.asking ??= this.compareNumbers(highestNumber).finally(() => (this.asking = undefined));
    await this.asking;
    return this.restarts > moment.restarts;
  }

  /** A restart numbers from 0 again, a history that was emptied does not. What cannot be proven is no restart. */
  private async compareNumbers(before: number): Promise<void> {
    const { outages, restarts } = this;
    const number = await this.askNumber();
    if (number !== undefined && this.restarts === restarts) this.noteNumber(number, before);
    if (this.restarts === restarts) this.aliveAfter = outages;
  }

  private forget(memory: PodMemory): void {
    this.restarts += 1;
    this.remember(memory);
  }

  private remember(memory: PodMemory): void {
    this.memory = memory;
    this.onMemory(memory);
  }
}

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
 * than one before it, or, together with an outage, history that no longer knows what it knew. An outage alone proves
 * nothing: proxies and cables break too.
 */
export class RestartProof {
  private outages = 0;
  private restarts = 0;

  constructor(
    private memory: PodMemory,
    private readonly onMemory: (memory: PodMemory) => void,
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
    if (this.outages <= moment.outages) return false;
    const witness = this.memory.witnessPromptId;
    const gone =
      witness === undefined ? orEmpty && (await lookup.historyIsEmpty()) : !(await lookup.inHistory(witness));
    if (gone && this.restarts === moment.restarts) this.forget({ clientId: this.memory.clientId });
    return gone;
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

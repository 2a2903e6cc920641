import { PodCallError } from '../jobs/pod-client.ts';

/** What one call met. `neutral`: it says nothing of whether the pod can be asked. */
export type CallMet = 'answered' | 'away' | 'refused' | 'neutral';

/** Calls in a row that met the same before others are kept back. */
const IN_A_ROW = 3;
/** How long a pod must have been away besides: a burst of calls may meet one short gap. */
const AWAY_FOR_MS = 2000;
/** Silence after which a pod that was away is tried by any call: 1 s, doubling with each that fails. */
const AWAY_TRIAL_MS = { first: 1000, most: 10_000 } as const;
/** The same for a pod that refuses the credentials. */
const REFUSED_TRIAL_MS = 65_000;

/**
 * Keeps calls from a pod that is known to be away or to refuse the credentials, so that whatever follows, looks for or
 * copies something costs no request meanwhile. The health probe always passes; its first good answer lets all pass.
 * Where nobody probes, one call is let through after some silence.
 */
export class CallGate {
  private met: 'away' | 'refused' | undefined;
  private row = 0;
  private since = 0;
  private lastAt = 0;

  /** `shown`: the pod's address without secrets; `now`: milliseconds of which only differences matter. */
  constructor(
    private readonly shown: string,
    private readonly now: () => number,
  ) {}

  /** Why a call must not be made now; undefined where it may. */
  refusal(): PodCallError | undefined {
    if (this.met === undefined || this.row < IN_A_ROW) return undefined;
    if (this.met === 'away' && this.lastAt - this.since < AWAY_FOR_MS) return undefined;
    if (this.now() - this.lastAt >= this.silenceMs()) {
      this.lastAt = this.now();
      return undefined;
    }
    return this.met === 'refused'
      ? new PodCallError(
          'unauthorized',
          `The pod at ${this.shown} refuses the credentials; it is asked again in a minute.`,
        )
      : new PodCallError('unreachable', `The pod at ${this.shown} does not answer; it is asked again in some seconds.`);
  }

  /** `isProbe`: the call asked for nothing but the pod's health, so that one refusal of it is believed. */
  note(met: CallMet, isProbe: boolean): void {
    if (met === 'neutral') return;
    this.lastAt = this.now();
    if (met === 'answered') {
      this.met = undefined;
      this.row = 0;
      return;
    }
    if (this.met !== met) {
      this.row = 0;
      this.since = this.lastAt;
    }
    this.row += 1;
    this.met = met;
    if (met === 'refused' && isProbe) this.row = Math.max(this.row, IN_A_ROW);
  }

  private silenceMs(): number {
    if (this.met === 'refused') return REFUSED_TRIAL_MS;
    return Math.min(AWAY_TRIAL_MS.most, AWAY_TRIAL_MS.first * 2 ** (this.row - IN_A_ROW));
  }
}

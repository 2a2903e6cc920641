import type { PodState } from '../../../lib/protocol/pods.ts';
import type { LinkState, PodStats, ProbeResult } from '../pod-client.ts';

/** What is known of a pod's health; changed only by the functions below. Times are milliseconds since the epoch. */
export interface PodHealth {
  state: PodState;
  reason?: string;
  /** Since when it is kept from work, in the states that end only by a restart, a person or good credentials. */
  troubleSince?: number;
  /** Why its GPU is not to be trusted; outlives everything but a proven restart and a person's word. */
  quarantine?: { reason: string; since: number };
  stats?: PodStats;
  failures: number;
  failingSince?: number;
  pendingOnlySince?: number;
  /** Newest moment the pod answered as ComfyUI. */
  aliveAt?: number;
  checkedAt?: number;
}

/** A booting pod is given this long before it counts as gone: 3–4 minutes are common at providers. */
export const BOOT_GRACE_MS = 10 * 60_000;
/** Pending prompts with nothing running for this long mean that the pod's worker thread is dead. */
export const STUCK_AFTER_MS = 10_000;

export const unknownHealth: PodHealth = { state: 'connecting', failures: 0 };

/** What is kept of a pod's trouble over a restart of Podium. */
export interface KeptTrouble {
  state: 'quarantined' | 'unauthorized';
  reason: string;
  /** Milliseconds of the epoch. */
  since: number;
}

/** As an earlier driver left it. `failingSince`: since when it has not been well, so that no grace starts over. */
export function keptHealth(trouble: KeptTrouble | undefined, failingSince: number | undefined): PodHealth {
  const failing = failingSince === undefined ? unknownHealth : { ...unknownHealth, failingSince };
  if (!trouble) return failing;
  const { state, reason, since } = trouble;
  return state === 'quarantined' ? quarantined(failing, reason, since) : unauthorized(failing, reason, since);
}

export function troubleOf(health: PodHealth): KeptTrouble | undefined {
  if (health.quarantine) return { state: 'quarantined', ...health.quarantine };
  const { state, reason, troubleSince } = health;
  return state === 'unauthorized' ? { state, reason: reason ?? '', since: troubleSince ?? 0 } : undefined;
}

/** Its GPU has proven to be broken. The first reason stays. */
export function quarantined(health: PodHealth, reason: string, now: number): PodHealth {
  const quarantine = health.quarantine ?? { reason, since: now };
  if (health.state === 'unauthorized') return { ...health, quarantine };
  return { ...health, quarantine, state: 'quarantined', reason: quarantine.reason, troubleSince: quarantine.since };
}

/** It refuses the credentials. */
export function unauthorized(health: PodHealth, reason: string, now: number): PodHealth {
  const known = health.state === 'unauthorized' ? health.troubleSince : undefined;
  return { ...health, state: 'unauthorized', reason, troubleSince: known ?? now };
}

/** A person says that it can be tried again; trouble that began later stays. */
export function reopened(health: PodHealth, orderedAt: number): PodHealth {
  const { troubleSince, quarantine, reason: _why, pendingOnlySince: _pending, ...rest } = health;
  if (troubleSince === undefined || troubleSince >= orderedAt) return health;
  if (quarantine && quarantine.since >= orderedAt) return quarantined(rest, quarantine.reason, quarantine.since);
  return { ...rest, state: 'connecting' };
}

/** Health after a probe. Quarantine outlives good probes; only a restart or a person ends it. */
export function afterProbe(health: PodHealth, probe: ProbeResult, link: LinkState, now: number): PodHealth {
  if (probe.ok) {
    const { reason: _old, failingSince: _since, troubleSince: _trouble, ...kept } = health;
    const well: PodHealth = {
      ...kept,
      failures: 0,
      stats: probe.stats,
      aliveAt: now,
      checkedAt: now,
      state: 'up',
    };
    if (health.quarantine) return quarantined(well, health.quarantine.reason, health.quarantine.since);
    if (health.state === 'stuck') {
      const { state, reason, troubleSince } = health;
      return {
        ...well,
        state,
        ...(reason !== undefined && { reason }),
        ...(troubleSince !== undefined && { troubleSince }),
      };
    }
    if (link === 'polling')
      return { ...well, state: 'degraded', reason: 'Its WebSocket does not work; progress comes from polling.' };
    return well;
  }
  const failingSince = health.failingSince ?? now;
  const failing = { ...health, failures: health.failures + 1, failingSince, checkedAt: now };
  if (probe.kind === 'unauthorized') return unauthorized(failing, probe.reason, now);
  const { troubleSince: _over, pendingOnlySince: _queue, ...away } = failing;
  if (health.quarantine) return quarantined(away, health.quarantine.reason, health.quarantine.since);
  if (now - failingSince >= BOOT_GRACE_MS)
    return { ...away, state: 'gone', reason: `It has not answered as ComfyUI for ten minutes. ${probe.reason}` };
  const state = probe.kind === 'unreachable' ? 'connecting' : 'booting';
  return { ...away, state, reason: probe.reason };
}

/** Health after a look at the queue. */
export function afterQueue(health: PodHealth, queue: { running: number; pending: number }, now: number): PodHealth {
  const { pendingOnlySince, ...rest } = health;
  if (queue.running > 0 || queue.pending === 0) {
    // An empty queue proves nothing of a stuck pod: it is empty because what waited there was taken back.
    if (rest.state !== 'stuck' || queue.running === 0) return rest;
    const { reason: _stuck, troubleSince: _since, ...well } = rest;
    return { ...well, state: 'up' };
  }
  const since = pendingOnlySince ?? now;
  if (now - since < STUCK_AFTER_MS || rest.quarantine) return { ...rest, pendingOnlySince: since };
  const reason = 'Its queue holds prompts but nothing runs: its worker has died. Restart ComfyUI on this pod.';
  const troubleSince = (rest.state === 'stuck' ? rest.troubleSince : undefined) ?? now;
  return { ...rest, pendingOnlySince: since, state: 'stuck', reason, troubleSince };
}

/** Health once the pod has proven to have restarted: what was wrong with the old process is over. */
export function afterRestart(health: PodHealth): PodHealth {
  const { quarantine: _over, ...kept } = health;
  if (health.state !== 'quarantined' && health.state !== 'stuck') return kept;
  const { reason: _old, pendingOnlySince: _pending, troubleSince: _since, ...rest } = kept;
  return { ...rest, state: 'up' };
}

/** Whether new prompts may be given to the pod. */
export function isUsable(health: Pick<PodHealth, 'state'>): boolean {
  return health.state === 'up' || health.state === 'degraded';
}

import type { PodState } from '../../lib/protocol/pods.ts';
import type { LinkState, PodStats, ProbeResult } from './pod-client.ts';

/** What is known of a pod's health; changed only by the functions below. Times are milliseconds since the epoch. */
export interface PodHealth {
  state: PodState;
  reason?: string;
  stats?: PodStats;
  failures: number;
  failingSince?: number;
  pendingOnlySince?: number;
  /** Newest moment the pod answered as ComfyUI. */
  aliveAt?: number;
  checkedAt?: number;
  everUp: boolean;
}

/** A booting pod is given this long before it counts as gone: 3–4 minutes are common at providers. */
export const BOOT_GRACE_MS = 10 * 60_000;
/** Pending prompts with nothing running for this long mean that the pod's worker thread is dead. */
export const STUCK_AFTER_MS = 10_000;

export const unknownHealth: PodHealth = { state: 'connecting', failures: 0, everUp: false };

/** Health after a probe. Quarantine outlives good probes; only a restart ends it. */
export function afterProbe(health: PodHealth, probe: ProbeResult, link: LinkState, now: number): PodHealth {
  if (probe.ok) {
    const { reason: _old, failingSince: _since, ...kept } = health;
    const well: PodHealth = {
      ...kept,
      failures: 0,
      stats: probe.stats,
      aliveAt: now,
      checkedAt: now,
      everUp: true,
      state: 'up',
    };
    if (health.state === 'quarantined' || health.state === 'draining' || health.state === 'stuck')
      return { ...well, state: health.state, ...(health.reason !== undefined && { reason: health.reason }) };
    if (link === 'polling')
      return { ...well, state: 'degraded', reason: 'Its WebSocket does not work; progress comes from polling.' };
    return well;
  }
  const failingSince = health.failingSince ?? now;
  const failing = { ...health, failures: health.failures + 1, failingSince, checkedAt: now };
  if (probe.kind === 'unauthorized') return { ...failing, state: 'unauthorized', reason: probe.reason };
  if (health.state === 'quarantined' || health.state === 'draining') return failing;
  if (now - failingSince >= BOOT_GRACE_MS) return { ...failing, state: 'gone', reason: probe.reason };
  const state = probe.kind === 'unreachable' ? 'connecting' : 'booting';
  return { ...failing, state, reason: probe.reason };
}

/** Health after a look at the queue. */
export function afterQueue(health: PodHealth, queue: { running: number; pending: number }, now: number): PodHealth {
  const { pendingOnlySince, ...rest } = health;
  if (queue.running > 0 || queue.pending === 0) {
    // An empty queue proves nothing of a stuck pod: it is empty because what waited there was taken back.
    if (rest.state !== 'stuck' || queue.running === 0) return rest;
    const { reason: _stuck, ...well } = rest;
    return { ...well, state: 'up' };
  }
  const since = pendingOnlySince ?? now;
  if (now - since < STUCK_AFTER_MS || rest.state === 'quarantined' || rest.state === 'draining')
    return { ...rest, pendingOnlySince: since };
  const reason = 'Its queue holds prompts but nothing runs: its worker has died. Restart ComfyUI on this pod.';
  return { ...rest, pendingOnlySince: since, state: 'stuck', reason };
}

/** Health once the pod has proven to have restarted: what was wrong with the old process is over. */
export function afterRestart(health: PodHealth): PodHealth {
  const { reason: _old, pendingOnlySince: _pending, ...rest } = health;
  return rest.state === 'quarantined' || rest.state === 'stuck' ? { ...rest, state: 'up' } : health;
}

/** Whether new prompts may be given to the pod. */
export function isUsable(health: Pick<PodHealth, 'state'>): boolean {
  return health.state === 'up' || health.state === 'degraded';
}

import { describe, expect, it } from 'vitest';
import type { ProbeResult } from '../pod-client.ts';
import {
  afterProbe,
  afterQueue,
  afterRestart,
  BOOT_GRACE_MS,
  isUsable,
  STUCK_AFTER_MS,
  unknownHealth,
  quarantined,
} from './pod-health.ts';

const well: ProbeResult = { ok: true, stats: { version: '0.8.0', ramTotal: 2, ramFree: 1, devices: [] } };
const booting: ProbeResult = { ok: false, kind: 'booting', reason: 'It answers 502.' };
const up = afterProbe(unknownHealth, well, 'socket', 0);

describe('the health of a pod', () => {
  it('is up when it answers and its socket works, degraded while only polling does', () => {
    expect(up.state).toBe('up');
    expect(afterProbe(unknownHealth, well, 'polling', 0)).toMatchObject({ state: 'degraded' });
    expect(isUsable(afterProbe(unknownHealth, well, 'polling', 0))).toBe(true);
  });

  it('is booting for ten minutes, then gone, and up again with the first good answer', () => {
    const first = afterProbe(up, booting, 'down', 1000);
    expect(first).toMatchObject({ state: 'booting', reason: 'It answers 502.', failures: 1 });
    const late = afterProbe(first, booting, 'down', 1000 + BOOT_GRACE_MS);
    expect(late.state).toBe('gone');
    expect(isUsable(late)).toBe(false);
    const back = afterProbe(late, well, 'socket', 2000 + BOOT_GRACE_MS);
    expect(back).toMatchObject({ state: 'up', failures: 0 });
    expect(back.reason).toBeUndefined();
  });

  it('is unauthorized at once where its credentials are refused', () => {
    const refused: ProbeResult = { ok: false, kind: 'unauthorized', reason: 'It answers 401.' };
    expect(afterProbe(up, refused, 'down', 5)).toMatchObject({ state: 'unauthorized' });
  });

  it('is stuck when prompts wait and nothing runs for ten seconds, and well again when something runs', () => {
    const waiting = afterQueue(up, { running: 0, pending: 2 }, 0);
    expect(waiting.state).toBe('up');
    const stuck = afterQueue(waiting, { running: 0, pending: 2 }, STUCK_AFTER_MS);
    expect(stuck.state).toBe('stuck');
    expect(afterProbe(stuck, well, 'socket', STUCK_AFTER_MS + 1).state).toBe('stuck');
    expect(afterQueue(stuck, { running: 1, pending: 1 }, STUCK_AFTER_MS + 2)).toMatchObject({ state: 'up' });
  });

  it('stays stuck when what waited on it was taken back, until an outage shows that it was restarted', () => {
    const waiting = afterQueue(up, { running: 0, pending: 2 }, 0);
    const stuck = afterQueue(waiting, { running: 0, pending: 2 }, STUCK_AFTER_MS);
    const emptied = afterQueue(stuck, { running: 0, pending: 0 }, STUCK_AFTER_MS + 1);
    expect(emptied.state).toBe('stuck');
    const away = afterProbe(emptied, { ok: false, kind: 'unreachable', reason: 'It refuses.' }, 'down', 20_000);
    expect(afterProbe(away, well, 'socket', 21_000).state).toBe('up');
  });

  it('starts to count anew when something ran in between', () => {
    const waiting = afterQueue(up, { running: 0, pending: 2 }, 0);
    const moved = afterQueue(waiting, { running: 1, pending: 1 }, 9000);
    expect(afterQueue(moved, { running: 0, pending: 1 }, STUCK_AFTER_MS).state).toBe('up');
  });

  it('stays quarantined through good probes until the pod restarts', () => {
    const broken = quarantined(up, 'device-side assert', 5);
    expect(afterProbe(broken, well, 'socket', 9).state).toBe('quarantined');
    expect(afterRestart(broken)).toMatchObject({ state: 'up' });
  });
});

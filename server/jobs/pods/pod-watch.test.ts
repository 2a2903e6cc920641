import { describe, expect, it } from 'vitest';
import { jobError } from '../../../lib/jobs/job-error.ts';
import type { PodClient, PodCondition, ProbeResult } from '../pod-client.ts';
import { PodWatch } from './pod-watch.ts';

const START = Date.parse('2026-01-02T03:00:00.000Z');
const well: ProbeResult = { ok: true, stats: { version: '0.8.0', ramTotal: 2, ramFree: 1, devices: [] } };
const away: ProbeResult = { ok: false, kind: 'unreachable', reason: 'It refuses connections.' };
const closed: ProbeResult = { ok: false, kind: 'unauthorized', reason: 'It refuses the credentials (401).' };
const broken = jobError('gpu_broken', 'CUDA error: device-side assert triggered');
const unreachable = jobError('pod_unreachable', 'It refuses connections.');
const jobId = 'aaaaaaaa-0000-4000-8000-000000000001';

/** A watch whose pod answers what the test says, and which keeps what it found out in `kept`. */
function watched(kept: { condition: PodCondition } = { condition: {} }) {
  let now = START;
  const pod = { answer: well, restarted: false, pending: 0, restartsAsked: 0 };
  const entry = { number: 1, promptId: 'p' };
  const client = {
    podId: 'pod',
    link: () => 'socket',
    probe: async () => pod.answer,
    queue: async () => ({ running: [], pending: Array.from({ length: pod.pending }, () => entry) }),
    models: async () => [],
    hasRestarted: async () => {
      pod.restartsAsked += 1;
      return pod.restarted;
    },
  } as unknown as PodClient;
  const watch = new PodWatch({
    client,
    clock: { now: () => new Date(now) },
    random: () => 0,
    log: { debug: noop, info: noop, warn: noop, error: noop },
    conditions: {
      get now() {
        return kept.condition;
      },
      patch: async (change) => void (kept.condition = change(kept.condition)),
    },
    onChange: noop,
    onProbed: async () => undefined,
  });
  watch.resume(kept.condition);
  const probe = async (answer: ProbeResult, afterMs = 1000) => {
    now += afterMs;
    pod.answer = answer;
    await watch.probe();
    return watch.view().state;
  };
  return { watch, pod, kept, probe, pass: (ms: number) => (now += ms), now: () => now };
}
const noop = () => undefined;

describe('the watch over one pod', () => {
  it('B294 each trouble is a state of its own, with its reason', async () => {
    const { watch, pod, probe } = watched();
    expect(watch.view()).toMatchObject({ state: 'connecting', breaker: 'closed' });
    expect(await probe(away)).toBe('connecting');
    expect(watch.view().reason).toBe('It refuses connections.');
    expect(await probe({ ok: false, kind: 'booting', reason: 'It is not ready (502).' })).toBe('booting');
    expect(await probe(closed)).toBe('unauthorized');
    expect(await probe(away, 11 * 60_000)).toBe('gone');
    expect(watch.view().reason).toBe('It has not answered as ComfyUI for ten minutes. It refuses connections.');
    await probe(well);
    expect(watch.view()).toMatchObject({ state: 'connecting', breaker: 'half_open' });
    expect(await probe(well)).toBe('up');
    pod.pending = 2;
    await probe(well);
    expect(await probe(well, 10_000)).toBe('stuck');
    expect(watch.view().reason).toContain('its worker has died');
  });

  it('B290 offers nothing between the failure that is seen and two good answers', async () => {
    const { watch, probe } = watched();
    await probe(well);
    expect(watch.usable).toBe(true);
    await probe(away);
    expect(watch.usable).toBe(false);
    await probe(away);
    await probe(away);
    expect(watch.view().breaker).toBe('open');
    await probe(well);
    expect(watch.usable).toBe(false);
    await probe(well);
    expect(watch.usable).toBe(true);
  });

  it('B290 three attempts that cannot reach a pod whose probes are answered open its breaker', async () => {
    const { watch, probe } = watched();
    await probe(well);
    for (let nth = 0; nth < 3; nth += 1) watch.trouble(unreachable, jobId);
    expect(watch.view()).toMatchObject({ breaker: 'open', state: 'connecting' });
    expect(watch.held).toBe(true);
  });

  it('B292 a broken GPU quarantines at once, through probes, outages and refusals, until a restart is proven', async () => {
    const { watch, pod, probe } = watched();
    await probe(well);
    watch.trouble(broken, jobId);
    expect(watch.view()).toMatchObject({ state: 'quarantined', troubleSince: '2026-01-02T03:00:01.000Z' });
    expect(await probe(well)).toBe('quarantined');
    expect(await probe(away)).toBe('quarantined');
    expect(await probe(closed)).toBe('unauthorized');
    expect(await probe(well)).toBe('quarantined');
    expect(watch.usable).toBe(false);
    pod.restarted = true;
    expect(await probe(well)).toBe('up');
  });

  it('B292 a quarantine outlives Podium, and so does its time', async () => {
    const first = watched();
    await first.probe(well);
    first.watch.trouble(broken, jobId);
    const second = watched(first.kept);
    expect(second.watch.view()).toMatchObject({ state: 'quarantined', troubleSince: '2026-01-02T03:00:01.000Z' });
    expect(await second.probe(well)).toBe('quarantined');
    expect(second.watch.view().reason).toContain('device-side assert');
    second.pod.restarted = true;
    await second.probe(well);
    expect(second.kept.condition.trouble).toBeUndefined();
  });

  it('B295 a person reopens a pod, which does not end trouble that began later', async () => {
    const { watch, probe, now, pass } = watched();
    await probe(well);
    const early = now();
    pass(1000);
    watch.trouble(broken, jobId);
    watch.reopen(early);
    expect(watch.view().state).toBe('quarantined');
    pass(1000);
    watch.reopen(now());
    expect(await probe(well)).toBe('up');
    watch.trouble(broken, jobId);
    expect(watch.view().state).toBe('quarantined');
  });

  it('B295 reopening closes an open breaker and ends the minute between probes of a pod that refused us', async () => {
    const { watch, probe, now, pass, kept } = watched();
    for (let nth = 0; nth < 3; nth += 1) await probe(away);
    await probe(closed);
    expect(kept.condition).toMatchObject({ trouble: { state: 'unauthorized' }, breaker: { failures: 4 } });
    pass(1);
    watch.reopen(now());
    expect(watch.view()).toMatchObject({ state: 'connecting', breaker: 'closed' });
    expect(kept.condition).not.toHaveProperty('trouble');
    expect(kept.condition).not.toHaveProperty('breaker');
  });

  it('B298 an open breaker and the boot grace go on where an earlier driver left them', async () => {
    const first = watched();
    for (let nth = 0; nth < 6; nth += 1) await first.probe(away);
    const second = watched(first.kept);
    expect(second.watch.view().breaker).toBe('open');
    second.pass(11 * 60_000);
    expect(await second.probe(away)).toBe('gone');
  });

  it('B298 keeps the newest five failures that say something of the pod', () => {
    const { watch, kept } = watched();
    watch.trouble(jobError('node_failed', 'It broke.'), jobId);
    expect(watch.view().lastErrors).toEqual([]);
    for (let nth = 1; nth <= 7; nth += 1) watch.trouble(jobError('pod_unreachable', `Failure ${nth}`), jobId);
    expect(watch.view().lastErrors.map(({ message }) => message)).toEqual(
      [7, 6, 5, 4, 3].map((nth) => `Failure ${nth}`),
    );
    expect(watched(kept).watch.view().lastErrors).toHaveLength(5);
  });

  it('B298 writes only what has changed', async () => {
    const { kept, probe } = watched();
    await probe(well);
    const before = kept.condition;
    for (let nth = 0; nth < 5; nth += 1) await probe(well);
    expect(kept.condition).toBe(before);
    for (let nth = 0; nth < 8; nth += 1) await probe(away);
    const open = kept.condition;
    for (let nth = 0; nth < 5; nth += 1) await probe(away);
    expect(kept.condition).toBe(open);
  });

  it('B292 asks about restarts only for a pod that waits for one', async () => {
    const { watch, pod, probe } = watched();
    await probe(well);
    await probe(well);
    expect(pod.restartsAsked).toBe(0);
    watch.trouble(broken, jobId);
    await probe(well);
    expect(pod.restartsAsked).toBe(1);
  });
});

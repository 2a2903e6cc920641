import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PodView } from '../../lib/protocol/pods.ts';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { isUsable } from '../../server/jobs/pods/pod-health.ts';
import { countRequests, type CountedRequest } from '../support/counted-requests.ts';
import { openTestDesk, type TestDesk } from '../support/open-test-desk.ts';
import { stepsPrompt } from '../support/prompts.ts';
import { beginVirtualTime, endVirtualTime, passVirtually } from '../support/virtual-time.ts';

const JOBS = 50;
const OUTAGE_MS = 300_000;

/** Each makes a pod unusable in its way. @returns what ends it */
const outages: Record<string, (pod: DemoPod) => Promise<() => Promise<void>>> = {
  'refuses connections': async ({ control }) => {
    await control.refuseConnections(true);
    control.dropSockets();
    return () => control.refuseConnections(false);
  },
  'stands behind a proxy that answers 502': async ({ control }) => {
    const over = control.fault({}, { kind: 'status', status: 502, body: '<html>Bad gateway</html>' });
    return cutSockets(control, over);
  },
  'accepts connections and resets them': async ({ control }) =>
    cutSockets(control, control.fault({}, { kind: 'reset' })),
};

function cutSockets(control: DemoPod['control'], over: () => void): () => Promise<void> {
  control.socket.refuse = 502;
  control.dropSockets();
  return async () => {
    over();
    control.socket.refuse = undefined;
  };
}

interface Struck {
  pod: DemoPod;
  test: TestDesk;
  /** Ends the outage. */
  end: () => Promise<void>;
  ids: string[];
  ended: Set<string>;
  /** When the first job ran after the outage. */
  firstRunAt?: number;
}

describe('an outage of five minutes with fifty jobs waiting', () => {
  const struck = new Map<string, Struck>();
  const counted = countRequests();
  let began = 0;
  let over = 0;
  let back = 0;

  /** All outages go on side by side, since five minutes take their time even when they are not waited for. */
  beforeAll(async () => {
    for (const how of Object.keys(outages)) {
      const pod = await createDemoPod({ stepMs: 1 });
      const test = await openTestDesk({ one: pod.url }, { retryBackoffBaseMs: 1000 });
      await test.podState('one', 'up');
      struck.set(how, { pod, test, ids: [], ended: new Set(), end: () => Promise.resolve() });
    }
    const all = [...struck];
    beginVirtualTime();
    began = performance.now();
    for (const [how, one] of all) {
      one.end = (await outages[how]?.(one.pod)) ?? one.end;
      one.test.desk.events.add({ jobChanged: ({ id, state }) => void (state === 'succeeded' && one.ended.add(id)) });
    }
    const submitted = all.flatMap(([, one]) =>
      Array.from({ length: JOBS }, async () => one.ids.push((await one.test.submit(stepsPrompt(1, 1))).id)),
    );
    let accepted = false;
    void Promise.all(submitted).then(() => (accepted = true));
    await passVirtually(10_000, 100, () => accepted);
    await passVirtually(OUTAGE_MS, 200);
    over = performance.now();
    states.push(...all.map(([, { test }]) => test.desk.runner.pod('one')));
    for (const [, one] of all) await one.end();
    back = performance.now();
    await passVirtually(120_000, 50, () => {
      for (const [, one] of all) if (one.pod.control.runs.length > 0) one.firstRunAt ??= performance.now();
      return all.every(([, one]) => one.ended.size === JOBS);
    });
  }, 120_000);
  const states: (PodView | undefined)[] = [];

  afterAll(async () => {
    counted.stop();
    let closed = false;
    const closing = Promise.all([...struck.values()].map(({ test, pod }) => test.close().then(() => pod.close())));
    void closing.then(() => (closed = true));
    await passVirtually(20_000, 100, () => closed);
    endVirtualTime();
    await closing;
  });

  const requests = (how: string) =>
    counted.made.filter(({ origin, at }) => struck.get(how)?.pod.url.startsWith(origin) && at >= began && at <= over);
  const isProbe = ({ path }: CountedRequest) => path.startsWith('/system_stats');

  it.each(Object.keys(outages))('B291 of a pod that %s costs few requests', (how) => {
    expect(requests(how).filter((one) => !isProbe(one)).length).toBeLessThanOrEqual(1.1 * JOBS);
    const probes = requests(how).filter(isProbe).length;
    expect(probes).toBeGreaterThan(OUTAGE_MS / 6000);
    expect(probes).toBeLessThan(OUTAGE_MS / 3000);
  });

  it('B290 leaves the pod without work meanwhile, and its breaker open', () => {
    expect(states).toHaveLength(struck.size);
    for (const state of states) expect(state).toMatchObject({ breaker: 'open', nextProbeAt: expect.any(String) });
    for (const state of states) expect(state && isUsable(state)).toBe(false);
  });

  it.each(Object.keys(outages))('B291 of a pod that %s ends within ten seconds, with every job run once', (how) => {
    const { firstRunAt, ended, ids, pod } = struck.get(how) ?? { ids: [] };
    expect((firstRunAt ?? Infinity) - back).toBeLessThanOrEqual(10_000);
    expect(ended).toEqual(new Set(ids));
    expect(pod?.control.runs).toHaveLength(JOBS);
    expect(new Set(pod?.control.runs.map(({ jobId }) => jobId))).toEqual(new Set(ids));
  });
});

import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { NodeCatalogs } from './node-catalogs.ts';

const well = { state: 'up', breaker: 'closed', link: 'socket' } as const;
const classOf = (name: string) => ({ [name]: { input: {}, output: [] } });

/** Pods that answer what a test says, `a` and `b` being ours; `ask` is every look that was begun, by pod. */
function fleet(maxKeptBytes?: number) {
  const state = {
    nowMs: 0,
    views: new Map<string, { state: 'up' | 'gone' | 'unauthorized'; breaker: 'closed' | 'open' }>(),
    has: new Map<string, Record<string, unknown>>(),
    asked: [] as string[],
    parsed: 0,
    /** A look under way waits for this. */
    held: Promise.resolve(),
    news: 0,
  };
  const answerOf = async (podId: string) => {
    state.asked.push(podId);
    await state.held;
    const has = state.has.get(podId);
    if (!has) throw new Error('refused');
    const body = JSON.stringify(has);
    const digest = createHash('sha256').update(body).digest('hex');
    return { digest, bytes: body.length, parse: () => ((state.parsed += 1), has) };
  };
  const viewOf = (id: string) => ({ id, ...well, ...state.views.get(id) });
  const catalogs = new NodeCatalogs({
    view: viewOf,
    client: (podId) => (podId === 'theirs' ? undefined : { nodeInfo: () => answerOf(podId) }),
    nowMs: () => state.nowMs,
    ...(maxKeptBytes !== undefined && { maxKeptBytes }),
  });
  catalogs.onNews(() => (state.news += 1));
  const now = (podId: string) => catalogs.now(viewOf(podId))?.catalog.classTypes.join();
  const fresh = (podIds: string[], maxAgeMs = 0, withinMs = 5000) =>
    catalogs.fresh(podIds.map(viewOf), { maxAgeMs, withinMs });
  return { state, catalogs, viewOf, now, fresh };
}

it('B382 a pod is asked once however many want to know, and again when its answer is a minute old', async () => {
  const { state, now, fresh } = fleet();
  state.has.set('a', classOf('One'));
  expect(now('a')).toBeUndefined();
  await Promise.all(Array.from({ length: 10 }, () => fresh(['a'])));
  expect([now('a'), state.asked, state.news]).toEqual(['One', ['a'], 1]);
  state.has.set('a', classOf('Two'));
  state.nowMs = 59_999;
  expect([now('a'), state.asked.length]).toEqual(['One', 1]);
  state.nowMs = 60_000;
  expect(now('a')).toBe('One');
  await fresh(['a']);
  expect([now('a'), state.asked.length, state.news]).toEqual(['Two', 2, 2]);
});

it('B382 pods that answer the same share one catalog, and the same answer is not parsed again', async () => {
  const { state, catalogs, viewOf, fresh } = fleet();
  for (const podId of ['a', 'b']) state.has.set(podId, classOf('One'));
  await fresh(['a']);
  await fresh(['b']);
  state.nowMs = 20_000;
  await fresh(['a', 'b'], 10_000);
  expect([state.asked, state.parsed]).toEqual([['a', 'b', 'a', 'b'], 1]);
  expect(catalogs.now(viewOf('a'))).toBe(catalogs.now(viewOf('b')));
});

it('B382 a pod that comes up or whose link comes back is asked, and once more where it was just being asked', async () => {
  const { state, catalogs, viewOf, now, fresh } = fleet();
  state.has.set('a', classOf('One'));
  state.views.set('a', { state: 'gone', breaker: 'open' });
  catalogs.podChanged(viewOf('a'));
  expect(state.asked).toEqual([]);
  state.views.clear();
  let release = (): void => undefined;
  state.held = new Promise((resolve) => (release = resolve));
  catalogs.podChanged(viewOf('a'));
  catalogs.podChanged(viewOf('a'));
  catalogs.podChanged({ ...viewOf('a'), link: 'polling' });
  catalogs.podChanged(viewOf('a'));
  expect(state.asked).toEqual(['a']);
  release();
  await fresh(['a']);
  await fresh(['a'], 1);
  expect([state.asked, now('a')]).toEqual([['a', 'a'], 'One']);
  catalogs.refresh('a');
  await fresh(['a']);
  expect(state.asked.length).toBe(3);
});

it('B382 it is told when a pod that was away has answered, though it has what it had', async () => {
  const { state, catalogs, viewOf, fresh } = fleet();
  state.has.set('a', classOf('One'));
  catalogs.podChanged(viewOf('a'));
  await fresh(['a']);
  expect(state.news).toBe(1);
  catalogs.podChanged({ ...viewOf('a'), state: 'gone' });
  catalogs.podChanged(viewOf('a'));
  await fresh(['a']);
  state.nowMs = 60_000;
  await fresh(['a']);
  expect([state.asked.length, state.news]).toEqual([3, 2]);
});

it.each([
  { state: 'gone', breaker: 'closed' } as const,
  { state: 'unauthorized', breaker: 'closed' } as const,
  { state: 'up', breaker: 'open' } as const,
])('B382 a pod that is down or refuses Podium is left alone, and unknown: %o', async (view) => {
  const { state, catalogs, viewOf, now, fresh } = fleet();
  state.has.set('a', classOf('One'));
  await fresh(['a']);
  state.views.set('a', view);
  state.nowMs = 100_000;
  await fresh(['a']);
  catalogs.refresh('a');
  catalogs.podChanged(viewOf('a'));
  expect([now('a'), state.asked]).toEqual([undefined, ['a']]);
  expect(catalogs.lastKnown(viewOf('a'))?.catalog.classTypes).toEqual(['One']);
});

it('B386 a pod that could not tell is unknown and keeps nobody waiting, until it is asked again a minute later', async () => {
  const { state, now, fresh } = fleet();
  await fresh(['a', 'theirs']);
  expect([now('a'), now('theirs'), state.asked]).toEqual([undefined, undefined, ['a']]);
  state.has.set('a', classOf('One'));
  state.nowMs = 59_999;
  await fresh(['a']);
  expect(state.asked).toEqual(['a']);
  state.nowMs = 60_000;
  state.held = new Promise(() => undefined);
  await fresh(['a'], 0, 60_000);
  expect([now('a'), state.asked]).toEqual([undefined, ['a', 'a']]);
});

it('B386 nobody waits longer than asked for a pod that hangs', async () => {
  const { state, now, fresh } = fleet();
  state.held = new Promise(() => undefined);
  await fresh(['a'], 0, 1);
  expect([now('a'), state.asked]).toEqual([undefined, ['a']]);
});

it('B382 no more answers are kept than fit, those not needed for longest given up first', async () => {
  const { state, now, fresh } = fleet(150);
  for (const podId of ['a', 'b', 'c']) {
    state.nowMs += 1;
    state.has.set(podId, classOf(podId.repeat(30)));
    await fresh([podId]);
  }
  expect([now('b') !== undefined, now('c') !== undefined, now('a')]).toEqual([true, true, undefined]);
});

import { expect, it } from 'vitest';
import type { MissingThing } from '../../../lib/jobs/job-error.ts';
import { PodCatalogs } from './pod-catalogs.ts';

const well = { state: 'up', breaker: 'closed' } as const;
const thing: MissingThing = { kind: 'node_type', name: 'Upscale' };

it('B317 a pod is asked once however many want to know, and again when its answer has grown old', async () => {
  let now = 0;
  let calls = 0;
  const catalogs = new PodCatalogs({
    view: () => well,
    nowMs: () => now,
    client: () => ({ lacks: async (things) => ((calls += 1), calls === 1 ? [...things] : []) }),
  });
  const answers = await Promise.all(Array.from({ length: 20 }, () => catalogs.lacks('a', [thing])));
  expect([calls, answers.at(0), answers.at(-1)]).toEqual([1, [thing], [thing]]);
  now = 9999;
  expect([await catalogs.lacks('a', [thing]), calls]).toEqual([[thing], 1]);
  now = 10_000;
  expect([await catalogs.lacks('a', [thing]), calls]).toEqual([[], 2]);
  expect([await catalogs.lacks('a', [{ ...thing, name: 'Other' }]), calls]).toEqual([[], 3]);
});

it('B317 a pod that fails, hangs or is not ours is said not to have been asked, and is soon asked again', async () => {
  let now = 0;
  const answers = [() => Promise.reject(new Error('refused')), () => new Promise<MissingThing[]>(() => undefined)];
  const next = () => (answers.shift() ?? (() => Promise.resolve([])))();
  const catalogs = new PodCatalogs({
    view: () => well,
    nowMs: () => now,
    answerWithinMs: 1,
    client: (podId) => (podId === 'ours' ? { lacks: next } : undefined),
  });
  expect(await catalogs.lacks('theirs', [thing])).toBeUndefined();
  expect(await catalogs.lacks('ours', [thing])).toBeUndefined();
  now = 4000;
  expect([await catalogs.lacks('ours', [thing]), answers.length]).toEqual([undefined, 1]);
  now = 5000;
  expect([await catalogs.lacks('ours', [thing]), answers.length]).toEqual([undefined, 0]);
  now = 10_000;
  expect(await catalogs.lacks('ours', [thing])).toEqual([]);
});

it.each([
  { state: 'unauthorized', breaker: 'closed' } as const,
  { state: 'gone', breaker: 'closed' } as const,
  { state: 'connecting', breaker: 'open' } as const,
  { state: 'up', breaker: 'half_open' } as const,
  undefined,
])('B317 a pod that is down, refuses Podium or is not there is left alone: %o', async (view) => {
  const asked: string[] = [];
  const catalogs = new PodCatalogs({
    view: () => view,
    client: (podId) => ({ lacks: async () => (asked.push(podId), []) }),
  });
  expect(await catalogs.lacks('a', [thing])).toBeUndefined();
  expect(asked).toEqual([]);
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { play } from './play.ts';
import { buildPrograms, type Programs, type Runner } from './programs.ts';
import { SCENARIOS } from './scenarios/all.ts';

/** Odd seeds have two instances over one Redis, even ones a single process over SQLite. */
const CASES = [
  { name: 'kill-before-answer', seed: 2 },
  { name: 'late-delivery', seed: 2 },
  { name: 'pod-restarts-unseen', seed: 2 },
  { name: 'freeze-owner', seed: 1 },
  { name: 'redis-fails-over', seed: 1 },
  { name: 'hasty-people', seed: 1 },
];
const TIMEOUT_MS = 150_000;

describe.concurrent('the proof in short', () => {
  let programs: Programs | undefined;
  beforeAll(async () => {
    programs = await buildPrograms();
  });
  afterAll(() => programs?.remove());

  const judged = async (name: string, seed: number, runner: Runner) => {
    const scenario = SCENARIOS.find((one) => one.name === name);
    if (!scenario) throw new Error(`There is no scenario ${name}`);
    if (!programs) throw new Error('Nothing was built');
    return play({ scenario, seed, runner, programs });
  };

  it.each(CASES)(
    'B245 loses nothing and runs nothing twice under $name with seed $seed',
    async ({ name, seed }) => {
      const { jobs, lost, duplicate } = await judged(name, seed, 'podium');
      expect({ lost, duplicate }).toEqual({ lost: [], duplicate: [] });
      expect(jobs).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );

  it(
    'B246 sees an ordinary queue lose jobs or run them twice under kill-before-answer with seed 2',
    async () => {
      const { lost, duplicate } = await judged('kill-before-answer', 2, 'control');
      expect(lost.length + duplicate.length).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );
});

import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { api } from './api.ts';
import type { Mutation } from './child-protocol.ts';
import { judge, type JudgedRun, type Verdict } from './judge.ts';
import { USUAL_LOAD } from './people.ts';
import type { Programs, Runner } from './programs.ts';
import type { Scenario } from './scenario.ts';
import { TERMINAL } from './watcher.ts';
import { World } from './world.ts';

/** Longest wait for quiet after the last fault (a busy machine is slow), and how long quiet must last to be believed. */
const QUIET_WITHIN_MS = 180_000;
const QUIET_FOR_MS = 900;

export interface Played extends Verdict {
  /** Milliseconds from each fault to the next sign of work on a job it hit. */
  recoveries: number[];
  tookMs: number;
  /** Of every job that is not as it should be: its runs at the pods, and what it did last as an instance tells it. */
  told: string[];
}

export interface PlayOptions {
  scenario: Scenario;
  seed: number;
  runner: Runner;
  programs: Programs;
  mutate?: Mutation;
}

/** One scenario with one seed for one runner: load and faults, then quiet, then the judge. */
export async function play({ scenario, seed, runner, programs, mutate }: PlayOptions): Promise<Played> {
  const began = performance.now();
  const redis = runner === 'control' || scenario.store === 'redis' || (scenario.store === 'either' && seed % 2 === 1);
  const world = await World.open({
    runner,
    programs,
    seed,
    scenario: scenario.name,
    ...(mutate && { mutate }),
    instances: scenario.store === 'redis' || (scenario.store === 'either' && seed % 2 === 1) ? 2 : 1,
    redis,
    proxied: scenario.proxied ?? false,
    skewed: scenario.skewed ?? false,
  });
  try {
    const faults = scenario.faults(world);
    await Promise.all([world.people.work({ ...USUAL_LOAD, ...scenario.load }), faults]);
    await quiet(world);
    const evidence = await evidenceOf(world);
    return {
      ...judge(evidence),
      told: await toldOf(world, judge(evidence), evidence),
      recoveries: world.watcher.recoveries,
      tookMs: performance.now() - began,
    };
  } finally {
    await world.close();
  }
}

/** Every job that anybody knows has ended and no pod works, for a while; or the time for that is over. */
async function quiet(world: World): Promise<void> {
  const giveUpAt = Date.now() + QUIET_WITHIN_MS;
  let since: number | undefined;
  while (Date.now() < giveUpAt) {
    const known = world.people.accepted.every(({ jobId }) => world.watcher.isOver(jobId));
    const fresh = Date.now() - world.watcher.lookedAt < 1500;
    const still = known && fresh && world.watcher.allEnded && !world.pods.some((pod) => pod.busy);
    since = still ? (since ?? Date.now()) : undefined;
    if (since !== undefined && Date.now() - since >= QUIET_FOR_MS) return;
    await sleep(50);
  }
}

async function evidenceOf(world: World) {
  const finals = new Map<string, { state: string; error?: string }>();
  for (const { jobId } of world.people.accepted) {
    const job = await finalOf(world, jobId);
    if (job) finals.set(jobId, job);
  }
  const removed = new Set(world.pods.flatMap((pod) => [...pod.removedByStranger]));
  return {
    accepted: world.people.accepted,
    finals,
    endedAt: world.watcher.endedAt,
    runs: world.pods.flatMap((pod) =>
      pod.control.runs.flatMap((run) => (run.jobId === undefined ? [] : [{ ...run, jobId: run.jobId, podId: pod.id }])),
    ),
    deaths: world.pods.flatMap((pod) => pod.deaths.map((at) => ({ podId: pod.id, at }))),
    cancelled: world.people.cancelled,
    clicks: clicksOf(world),
    removed,
  };
}

const postedSchema = z.object({ prompt: z.object({ '1': z.object({ inputs: z.object({ color: z.number() }) }) }) });

/** Every click's prompt has a colour of its own. */
function clicksOf(world: World): Map<string, number> {
  const clicks = new Map<string, number>();
  for (const { jobId, body } of world.pods.flatMap((pod) => pod.control.posts)) {
    const posted = postedSchema.safeParse(body);
    if (jobId !== undefined && posted.success) clicks.set(jobId, posted.data.prompt['1'].inputs.color);
  }
  return clicks;
}

/** Runs and newest timeline of every job that is not as it should be. */
async function toldOf(
  world: World,
  { lost, duplicate }: Verdict,
  { runs, removed }: { runs: readonly JudgedRun[]; removed: ReadonlySet<string> },
): Promise<string[]> {
  const ids = [...lost, ...duplicate].map((what) => what.slice(0, what.indexOf(':')));
  return Promise.all(
    ids.map(async (jobId) => {
      const told = await Promise.all(
        world.instances.flatMap(({ url }) => (url === undefined ? [] : [api.timeline(url, jobId)])),
      );
      const known = told.find((called) => called.kind === 'ok');
      const own = runs.filter((run) => run.jobId === jobId);
      const taken = own.filter(({ promptId }) => removed.has(promptId)).length;
      return [
        `${jobId}: ${taken} of its prompts a stranger may have taken away`,
        ...own.map((run) => `    ran ${JSON.stringify(run)}`),
        ...(known?.value.job.timeline.slice(-12) ?? ['no instance tells of it']).map(
          (line) => `    ${JSON.stringify(line)}`,
        ),
      ].join('\n');
    }),
  );
}

/** As the runner tells it now: from any instance that answers; undefined where it does not know the job. */
async function finalOf(world: World, jobId: string) {
  const giveUpAt = Date.now() + 5000;
  for (let turn = 0; Date.now() < giveUpAt; turn += 1) {
    const { url } = world.instances[turn % world.instances.length] ?? {};
    const called = url === undefined ? undefined : await api.job(url, jobId);
    if (called?.kind === 'ok') {
      const { state, error } = called.value.job;
      return { state, ...(error && { error: error.code }) };
    }
    if (called?.kind === 'refused' && called.status === 404) return undefined;
    await sleep(100);
  }
  const seen = world.watcher.jobs.get(jobId);
  return seen && TERMINAL.has(seen.state) ? { state: seen.state } : { state: 'not told by any instance' };
}

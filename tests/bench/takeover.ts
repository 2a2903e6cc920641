import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startRedis } from '../support/redis-process.ts';
import { waitUntil } from '../support/wait-until.ts';
import { BenchPod } from './bench-pod.ts';
import { bullmqTakeovers } from './bullmq-takeover.ts';
import { median, p95, type Comparison } from './compare.ts';
import { deskLineSchema, type DeskLine, type DeskProcessOptions } from './desk-lines.ts';
import { JsonChild } from './json-child.ts';

const PODS = 6;
const KILLS_A_REPEAT = 2;
const FRAME_EVERY_MS = 50;
/** Kills are spread over this, which is how often an instance renews its leases. */
const BEAT_MS = 500;
const FOLLOWED_WITHIN_MS = 30_000;

type Instance = JsonChild<DeskLine>;

/** Pods whose prompts run until the bench ends, and tell of a further step twenty times a second. */
class RunningPods {
  step = 0;
  readonly urls: string[] = [];
  readonly jobs = new Map<string, string>();
  private readonly pods = new Map<string, { pod: BenchPod; promptId?: string }>();
  private readonly ticker = setInterval(() => {
    this.step += 1;
    for (const { pod, promptId } of this.pods.values())
      if (promptId !== undefined)
        pod.send('progress', { value: this.step, max: 1_000_000, node: '2', prompt_id: promptId });
  }, FRAME_EVERY_MS);

  async listen(): Promise<void> {
    for (let index = 0; index < PODS; index += 1) {
      const id = `pod-${index}`;
      const pod = new BenchPod(({ promptId, jobId }) => {
        if (this.jobs.has(id)) throw new Error(`A second prompt was posted to ${id}`);
        this.pods.set(id, { pod, promptId });
        if (jobId !== undefined) this.jobs.set(id, jobId);
      });
      this.pods.set(id, { pod });
      this.urls.push(await pod.listen());
    }
  }

  async close(): Promise<void> {
    clearInterval(this.ticker);
    for (const { pod } of this.pods.values()) await pod.close();
  }
}

/** How many milliseconds each of these jobs takes until this instance shows a step that was made after the kill. */
function followed(heir: Instance, jobIds: string[], afterStep: number, killedAt: number): Promise<number[]> {
  return Promise.all(
    jobIds.map(async (id) => {
      const isNewer = (line: DeskLine) => line.event === 'progress' && line.jobId === id && line.value > afterStep;
      return (await heir.next(isNewer, `job ${id} is followed again`, FOLLOWED_WITHIN_MS)).atMs - killedAt;
    }),
  );
}

async function driven(instance: Instance): Promise<string[]> {
  const answer = await instance.ask({ do: 'driven' }, 'driven');
  return answer.event === 'driven' ? answer.pods : [];
}

/**
 * From SIGKILL of one of two instances to the other's showing live progress of the jobs on the pods it inherits, over
 * BullMQ's own recovery of a job whose worker was killed. BullMQ's rounds take half a minute to one minute, so all of
 * them run at once, while Podium's run one after another.
 */
export async function takeoverBench(repeats: number, onRepeat: (done: number) => void): Promise<Comparison> {
  const dir = mkdtempSync(join(tmpdir(), 'podium-bench-'));
  const redis = await startRedis();
  const pods = new RunningPods();
  await pods.listen();
  const options: DeskProcessOptions = {
    redisUrl: `redis://127.0.0.1:${redis.port}`,
    dataDir: dir,
    podUrls: pods.urls,
    slots: 1,
    progress: true,
  };
  const begin = async (): Promise<Instance> => {
    const instance = new JsonChild('./desk-process.ts', options, deskLineSchema);
    await instance.next(({ event }) => event === 'ready', 'an instance is ready');
    return instance;
  };
  const instances = [await begin(), await begin()] as [Instance, Instance];
  const bullmq = await bullmqTakeovers(repeats);
  try {
    await instances[0].ask({ do: 'run', count: PODS, inFlight: PODS }, 'accepted');
    await waitUntil(() => pods.jobs.size === PODS, 'each pod has its job', FOLLOWED_WITHIN_MS);

    const kill = async (phase: number): Promise<number[]> => {
      const [victim, heir] = instances;
      const inherited = await waitUntil(
        async () => {
          const [victims, heirs] = [await driven(victim), await driven(heir)];
          return victims.length === PODS / 2 && heirs.length === PODS / 2 && victims;
        },
        'both instances drive half of the pods',
        FOLLOWED_WITHIN_MS,
      );
      const jobIds = inherited.flatMap((podId) => pods.jobs.get(podId) ?? []);
      await followed(victim, jobIds, pods.step, 0);
      await sleep(phase * BEAT_MS);
      const [step, killedAt] = [pods.step, victim.kill()];
      const times = await followed(heir, jobIds, step, killedAt);
      instances[0] = heir;
      instances[1] = await begin();
      return times;
    };
    await kill(0);
    const subject: number[] = [];
    const all: number[] = [];
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      const times: number[] = [];
      for (let one = 0; one < KILLS_A_REPEAT; one += 1)
        times.push(...(await kill((repeat + one / KILLS_A_REPEAT) / repeats)));
      subject.push(median(times));
      all.push(...times);
      onRepeat(repeat + 1);
    }
    const baseline = await bullmq.times;
    return {
      name: 'takeover: SIGKILL of an instance → its peer shows newer progress / BullMQ, lock and stalled check of 30 s',
      unit: 'ms',
      subject,
      baseline,
      ratios: subject.map((value, index) => value / (baseline[index] ?? Number.NaN)),
      aim: '≤ 0.10',
      notes: [
        `p95 of ${all.length} jobs ${p95(all).toFixed(0)} ms, longest ${Math.max(...all).toFixed(0)} ms   aim ≤ 3000`,
      ],
    };
  } finally {
    await bullmq.end();
    await Promise.all(instances.map((instance) => instance.end()));
    await pods.close();
    await redis.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChaosPod } from '../chaos-pod.ts';
import { STEPS, type Step } from '../child-protocol.ts';
import type { Scenario } from '../scenario.ts';

const CANCEL_FOR_MS = 3000;

async function post(url: string, body: unknown): Promise<void> {
  await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(2000),
  }).catch(() => undefined);
}

/** Somebody else at the same ComfyUI submits a prompt of their own. */
function submitAsStranger(pod: ChaosPod, color: number): Promise<void> {
  return post(`${pod.directUrl}/prompt`, {
    client_id: 'stranger',
    prompt_id: randomUUID(),
    prompt: {
      '1': { class_type: 'EmptyImage', inputs: { width: 32, height: 32, batch_size: 1, color } },
      '2': { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: 'stranger' } },
    },
  });
}

/** Somebody else empties queue and history, as ComfyUI's own page lets them. */
async function clearAsStranger(pod: ChaosPod): Promise<void> {
  const runsOn = runningOn(pod);
  await post(`${pod.directUrl}/queue`, { clear: true });
  await post(`${pod.directUrl}/history`, { clear: true });
  // Whatever waited or had ended by then may be gone, also what came or ended meanwhile; the prompt that ran all along stays.
  const stays = runningOn(pod) === runsOn ? runsOn : undefined;
  for (const { jobId, promptId } of pod.control.posts) {
    if (promptId === undefined || promptId === stays) continue;
    pod.removedByStranger.add(promptId);
    if (jobId !== undefined) pod.removedByStranger.add(jobId);
  }
}

function runningOn(pod: ChaosPod): string | undefined {
  return pod.control.runs.find(({ endedAt }) => endedAt === undefined)?.promptId;
}

/** People and neighbours do what they please, and the product is upgraded under them. */
export const PEOPLE_TROUBLES: Scenario[] = [
  {
    name: 'hasty-people',
    store: 'either',
    load: { jobs: 9, overMs: 1500, keyed: 0.9, doubleClicks: 0.6, steps: [4, 30] },
    async faults(world) {
      const steps = world.random.shuffled(STEPS).slice(0, 3);
      const done = new Set<Step>();
      world.onStep((step, jobId) => {
        if (!steps.includes(step) || done.has(step)) return;
        done.add(step);
        void world.people.cancel(jobId);
      });
      await sleep(CANCEL_FOR_MS);
    },
  },
  {
    name: 'rolling-upgrade',
    store: 'redis',
    load: { jobs: 8, overMs: 4500, steps: [10, 40] },
    async faults(world) {
      const neighbour = (async () => {
        for (let count = 0; count < 4; count += 1) {
          const { pod } = world;
          await submitAsStranger(pod, count);
          await sleep(world.random.int(200, 900));
          if (world.random.chance(0.5)) await clearAsStranger(pod);
        }
      })();
      for (const instance of [...world.instances]) {
        await sleep(world.random.int(200, 800));
        world.watcher.fault();
        await world.replace(instance);
      }
      await neighbour;
    },
  },
];

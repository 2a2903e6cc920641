import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '../../support/wait-until.ts';
import type { PostFault } from '../../../server/demo-pod/pod-faults.ts';
import type { ChaosPod } from '../chaos-pod.ts';
import type { Scenario } from '../scenario.ts';
import type { World } from '../world.ts';

const UNCLEAR_POSTS: readonly PostFault[] = [
  { kind: 'reset-after' },
  { kind: 'hang-after' },
  { kind: 'status', status: 524, accept: true },
  { kind: 'status', status: 502, accept: true },
  { kind: 'status', status: 504, accept: false },
  { kind: 'reset-before' },
];

const BOOT_ANSWERS = [
  { status: 502, body: '<html>Bad gateway</html>' },
  { status: 503, body: '<html>Starting</html>' },
  { status: 404, body: '<html>No such app</html>' },
] as const;

/** Looks fail from the moment a prompt runs until it has ended, so that nobody sees its end; false where none runs. */
async function runUnseen(world: World, pod: ChaosPod): Promise<boolean> {
  if (!(await world.workBegins(pod))) return false;
  pod.control.socket.withholdFinal = true;
  const undo = pod.control.fault({ path: /^\/(history|queue|jobs|view)/ }, { kind: 'status', status: 503 });
  await waitUntil(() => pod.control.runs.some(({ outcome }) => outcome !== undefined), 'a run ends').catch(
    () => undefined,
  );
  await waitUntil(() => !pod.busy, 'the pod is done', 6000).catch(() => undefined);
  pod.control.socket.withholdFinal = false;
  setTimeout(undo, 100);
  return true;
}

/** Pods and what stands before them misbehave. */
export const POD_TROUBLES: Scenario[] = [
  {
    name: 'taken-and-dropped',
    store: 'either',
    load: { jobs: 7 },
    async faults(world) {
      for (const pod of world.pods)
        for (let count = 0; count < 3; count += 1) pod.control.failNextPost(world.random.pick(UNCLEAR_POSTS));
      if (await world.workBegins(world.pod)) world.watcher.fault();
    },
  },
  {
    name: 'late-delivery',
    store: 'either',
    proxied: true,
    load: { jobs: 5 },
    async faults(world) {
      const proxies = world.pods.flatMap(({ proxy }) => proxy ?? []);
      for (const proxy of proxies)
        for (let count = 0; count < 2; count += 1)
          proxy.planNextPost(
            world.random.chance(0.75)
              ? { kind: 'late', afterMs: world.random.int(100, 2400) }
              : { kind: 'status', status: 524 },
          );
      await waitUntil(
        () => proxies.some(({ deliveredLate }) => deliveredLate > 0),
        'a prompt comes late',
        12_000,
      ).catch(() => undefined);
      world.watcher.fault();
      for (const proxy of proxies) await proxy.settled();
    },
  },
  {
    name: 'pod-restarts-mid-run',
    store: 'either',
    load: { steps: [15, 50] },
    async faults(world) {
      for (let count = world.random.int(1, 2); count > 0; count -= 1) {
        const { pod } = world;
        if (!(await world.workBegins(pod))) continue;
        await sleep(world.random.int(0, 400));
        world.watcher.fault();
        await pod.restart({ downMs: world.random.int(0, 1200), keepDisk: world.random.chance(0.5) });
      }
    },
  },
  {
    name: 'pod-restarts-unseen',
    store: 'either',
    async faults(world) {
      const { pod } = world;
      if (!(await runUnseen(world, pod))) return;
      world.watcher.fault();
      await pod.restart({ downMs: world.random.int(0, 600), keepDisk: world.random.chance(0.5) });
    },
  },
  {
    name: 'socket-troubles',
    store: 'either',
    load: { steps: [15, 50] },
    async faults(world) {
      for (let count = 0; count < 3; count += 1) {
        const { pod } = world;
        const { socket } = pod.control;
        const trouble = world.random.pick([
          'frozen',
          'silent',
          'withholdFinal',
          'duplicate',
          'disorder',
          'deaf',
          'drop',
        ]);
        world.watcher.fault();
        if (trouble === 'deaf') pod.control.deafen();
        else if (trouble === 'drop') pod.control.dropSockets();
        else {
          socket[trouble] = true;
          await sleep(world.random.int(800, 2000));
          socket[trouble] = false;
        }
        await sleep(world.random.int(0, 500));
      }
    },
  },
  {
    name: 'pod-boots',
    store: 'either',
    async faults(world) {
      const boots = world.pods.map(async (pod) => {
        for (let count = world.random.int(1, 2); count > 0; count -= 1) {
          const answer = world.random.pick(BOOT_ANSWERS);
          const undo = pod.control.fault({}, { kind: 'status', ...answer });
          pod.control.socket.refuse = answer.status;
          pod.control.dropSockets();
          await sleep(world.random.int(300, 1500));
          undo();
          pod.control.socket.refuse = undefined;
          await sleep(world.random.int(100, 800));
        }
      });
      world.watcher.fault();
      await Promise.all(boots);
    },
  },
];

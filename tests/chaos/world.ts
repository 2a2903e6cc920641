import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '../support/wait-until.ts';
import { ChaosPod } from './chaos-pod.ts';
import { ChaosRedis } from './chaos-redis.ts';
import type { Mutation, Report, Step } from './child-protocol.ts';
import { Instance } from './instance.ts';
import { People } from './people.ts';
import type { Programs, Runner } from './programs.ts';
import { Random } from './random.ts';
import { TcpProxy } from './tcp-proxy.ts';
import { Watcher } from './watcher.ts';

export interface WorldPlan {
  runner: Runner;
  programs: Programs;
  seed: number;
  scenario: string;
  mutate?: Mutation;
  instances: number;
  redis: boolean;
  /** Pods stand behind a proxy that says so. */
  proxied: boolean;
  /** The instances' clocks are five minutes off, each in its direction. */
  skewed: boolean;
}

const PODS = 2;
const SKEW_MS = 5 * 60_000;
const ARMED_FOR_MS = 6000;

/** One run's pods, store, processes, people and onlooker. */
export class World {
  readonly random: Random;
  readonly people: People;
  readonly watcher: Watcher;
  readonly instances: Instance[] = [];
  readonly pods: ChaosPod[] = [];
  /** One wire to Redis for each instance, by its number. */
  readonly wires: TcpProxy[] = [];
  private main: ChaosRedis | undefined;
  private readonly servers: ChaosRedis[] = [];
  private readonly dir: string;
  private readonly steps = new Set<(report: Report, instance: Instance) => void>();
  private closing = false;
  private born = 0;

  private constructor(readonly plan: WorldPlan) {
    const id = `${plan.scenario}-${plan.runner}-${plan.seed}`;
    this.random = new Random(`${plan.scenario}-${plan.seed}`);
    this.dir = join(tmpdir(), `podium-chaos-${process.pid}-${id}`);
    mkdirSync(this.dir, { recursive: true });
    const urls = () => this.instances.flatMap(({ url }) => (url === undefined ? [] : [url]));
    this.people = new People(new Random(`people-${plan.scenario}-${plan.seed}`), id, urls);
    this.watcher = new Watcher(urls);
  }

  /** Resolves when the processes are ready; the pods may be taken into use a moment later. */
  static async open(plan: WorldPlan): Promise<World> {
    const world = new World(plan);
    try {
      for (let index = 0; index < PODS; index += 1) world.pods.push(await ChaosPod.open(`pod${index}`, plan.proxied));
      if (plan.redis) {
        world.main = await world.newRedis();
        for (let index = 0; index < plan.instances; index += 1) world.wires.push(await TcpProxy.open(world.redis.port));
      }
      for (let index = 0; index < plan.instances; index += 1) world.instances.push(world.newInstance(index));
      await Promise.all(world.instances.map((instance) => instance.start()));
      world.watcher.start();
      return world;
    } catch (error) {
      await world.close();
      throw error;
    }
  }

  get redis(): ChaosRedis {
    if (!this.main) throw new Error('This run has no Redis');
    return this.main;
  }

  get pod(): ChaosPod {
    return this.random.pick(this.pods);
  }

  get anyInstance(): Instance {
    return this.random.pick(this.instances);
  }

  /** Another server, over data of its own. */
  async newRedis(options: Record<string, string> = {}): Promise<ChaosRedis> {
    const server = await ChaosRedis.start(this.dir, options);
    this.servers.push(server);
    return server;
  }

  /** From now on everybody is led to this server. */
  useRedis(server: ChaosRedis): void {
    this.main = server;
    for (const wire of this.wires) {
      wire.targetPort = server.port;
      wire.cut();
    }
  }

  /**
   * Whichever instance comes to this step for the `nth` time does this; nobody else then. A stopped one goes on after
   * `ms` milliseconds. Resolves with it once it has acted, or with undefined where no job comes that far in time.
   */
  async arm(step: Step, act: 'kill' | 'stop' | 'block', options: { nth?: number; ms?: number } = {}) {
    const { nth = this.random.int(1, 2), ms = 0 } = options;
    for (const instance of this.instances) instance.send({ do: 'arm', step, nth, act, ms });
    const acted = new Promise<Instance>((resolve) => {
      const onStep = (report: Report, instance: Instance) => {
        if (report.event !== 'acting') return;
        this.steps.delete(onStep);
        resolve(instance);
      };
      this.steps.add(onStep);
    });
    const instance = await Promise.race([acted, sleep(ARMED_FOR_MS, undefined, { ref: false })]);
    for (const other of this.instances) other.send({ do: 'disarm' });
    return instance;
  }

  /** Stops a process, and lets it go on after `ms` milliseconds. */
  async freeze(instance: Instance, ms: number): Promise<void> {
    this.watcher.fault();
    instance.signal('SIGSTOP');
    await sleep(ms);
    instance.signal('SIGCONT');
  }

  /** Calls `listener` at every step of every instance. */
  onStep(listener: (step: Step, jobId: string, instance: Instance) => void): void {
    this.steps.add((report, instance) => {
      if (report.event === 'step') listener(report.step, report.jobId, instance);
    });
  }

  /** The instance that works on this job, as far as its steps tell. */
  ownerOf(jobId: string | undefined): Instance | undefined {
    return this.instances.findLast(({ steps, running }) => running && jobId !== undefined && steps.has(jobId));
  }

  /** Waits until a pod works, for a fault that is to hit a running prompt; false where none does in time. */
  async workBegins(pod: ChaosPod, withinMs = 6000): Promise<boolean> {
    return waitUntil(() => pod.busy, `${pod.id} works`, withinMs).catch(() => false);
  }

  /** A further instance in place of this one, as an upgrade brings it. */
  async replace(instance: Instance): Promise<void> {
    const index = this.instances.indexOf(instance);
    await instance.stop('SIGTERM');
    const heir = this.newInstance(index);
    this.instances[index] = heir;
    await heir.start();
  }

  /** Kills a process; it is started again by the keeper. */
  kill(instance: Instance, jobIds?: readonly string[]): void {
    this.watcher.fault(jobIds);
    instance.signal('SIGKILL');
  }

  async close(): Promise<void> {
    this.closing = true;
    this.people.stop();
    await this.watcher.stop();
    await Promise.all(this.instances.map((instance) => instance.stop('SIGKILL')));
    await Promise.all(this.wires.map((wire) => wire.close()));
    await Promise.all(this.servers.map((server) => server.kill()));
    await Promise.all(this.pods.map((pod) => pod.close()));
    if (process.env['CHAOS_KEEP'] === undefined) rmSync(this.dir, { recursive: true, force: true });
  }

  private newInstance(index: number): Instance {
    const { plan, random } = this;
    this.born += 1;
    const name = `${plan.runner}${index}-${this.born}`;
    const dataDir = join(this.dir, plan.redis ? `data${index}` : 'data');
    mkdirSync(dataDir, { recursive: true });
    const wire = this.wires[index];
    const options = {
      name,
      dataDir,
      pods: Object.fromEntries(this.pods.map(({ id, url }) => [id, url])),
      ...(wire && { redisUrl: `redis://127.0.0.1:${wire.port}/0` }),
      skewMs: plan.skewed ? (index % 2 === 0 ? SKEW_MS : -SKEW_MS) : 0,
      ...(plan.mutate && plan.runner === 'podium' && { mutate: plan.mutate }),
    };
    const { main, former } = plan.programs;
    const isFirst = this.born <= plan.instances && plan.runner === 'podium';
    return new Instance((isFirst && former) || main[plan.runner], options, {
      onReport: (report, instance) => {
        if (report.event === 'acting') this.watcher.fault([report.jobId]);
        if (report.event === 'acting' && report.act === 'stop') setTimeout(() => instance.signal('SIGCONT'), report.ms);
        for (const listener of this.steps) listener(report, instance);
      },
      onDeath: (instance) => {
        // The keeper of processes: alone, it is started at once; with a peer, the peer takes over first.
        const pauseMs = this.instances.length > 1 ? random.int(500, 1500) : random.int(0, 200);
        void sleep(pauseMs).then(() => (this.closing ? undefined : instance.start()));
      },
    });
  }
}

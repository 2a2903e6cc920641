import { setTimeout as sleep } from 'node:timers/promises';
import type { Scenario } from '../scenario.ts';
import { SCALE } from '../scale.ts';
import type { World } from '../world.ts';
import { TcpProxy } from '../tcp-proxy.ts';
import { waitUntil } from '../../support/wait-until.ts';

async function cutWires(world: World, forMs: number): Promise<void> {
  const until = Date.now() + forMs;
  while (Date.now() < until) {
    for (const wire of world.wires) wire.cut();
    await sleep(100);
  }
}

const fill = {
  async memory(world: World, ms: number) {
    await world.redis.command('CONFIG', 'SET', 'maxmemory', '100kb');
    await sleep(ms);
    await world.redis.command('CONFIG', 'SET', 'maxmemory', '0');
  },
  async readOnly(world: World, ms: number) {
    // A replica of nobody: it keeps its data and takes no write.
    await world.redis.command('REPLICAOF', '127.0.0.1', '1');
    await sleep(ms);
    await world.redis.command('REPLICAOF', 'NO', 'ONE');
  },
  async disk(world: World, ms: number) {
    // With "always" Redis ends itself when its disk is full; with "everysec" it refuses writes, which is the harder case.
    await world.redis.command('CONFIG', 'SET', 'appendfsync', 'everysec');
    await world.redis.fillDisk(true);
    await sleep(ms);
    await world.redis.fillDisk(false);
  },
};

/** Redis dies, forgets, fills up, or cannot be reached by everybody. */
export const STORE_TROUBLES: Scenario[] = [
  {
    name: 'redis-killed',
    store: 'redis',
    load: { overMs: 3000, steps: [10, 40] },
    async faults(world) {
      await world.workBegins(world.pod);
      const steps = [
        async () => {
          world.watcher.fault();
          await world.redis.kill();
          await sleep(world.random.int(100, 1500));
          await world.redis.start();
        },
        async () => {
          world.watcher.fault();
          await cutWires(world, world.random.int(1000, 2500));
        },
      ];
      for (const step of world.random.shuffled(steps)) await step();
    },
  },
  {
    name: 'redis-fails-over',
    store: 'redis',
    load: { jobs: 8, overMs: 3000, steps: [10, 40] },
    async faults(world) {
      const link = await TcpProxy.open(world.redis.port);
      const replica = await world.newRedis({ replicaof: `127.0.0.1 ${link.port}` });
      try {
        const linked = async () =>
          String(await replica.command('INFO', 'replication')).includes('master_link_status:up');
        await waitUntil(linked, 'the replica follows');
        await world.workBegins(world.pod);
        // What is written from now on never reaches the replica.
        link.hold(true);
        await sleep(world.random.int(600, 1200));
        world.watcher.fault();
        await world.redis.kill();
        await sleep(world.random.int(0, 800));
        await replica.command('REPLICAOF', 'NO', 'ONE');
        world.useRedis(replica);
      } finally {
        await link.close();
      }
    },
  },
  {
    name: 'redis-full',
    store: 'redis',
    load: { overMs: 3500, steps: [10, 40] },
    async faults(world) {
      await world.workBegins(world.pod);
      for (const kind of world.random.shuffled(['memory', 'readOnly', 'disk'] as const)) {
        world.watcher.fault();
        await fill[kind](world, world.random.int(600, 1400));
        await sleep(world.random.int(0, 400));
      }
    },
  },
  {
    name: 'partition-and-clocks',
    store: 'redis',
    skewed: true,
    load: { overMs: 2500, steps: [15, 60] },
    async faults(world) {
      await world.workBegins(world.pod);
      const wire = world.random.pick(world.wires);
      world.watcher.fault();
      const ms = world.random.int(...SCALE.freezeMs);
      const held = world.random.chance(0.5);
      if (held) wire.hold(true);
      else wire.refuse(true);
      await sleep(ms);
      wire.hold(false);
      wire.refuse(false);
    },
  },
];

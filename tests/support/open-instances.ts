import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { io } from 'socket.io-client';
import type { JobDetail } from '../../lib/protocol/jobs.ts';
import { readConfig } from '../../server/config.ts';
import { createServer, type PodiumServer } from '../../server/create-server.ts';
import type { DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { fillDisk, heedFullDisk, QUICK_COPIES } from './full-disk.ts';
import type { TestSocket } from './open-test-front.ts';
import { PodiumProcess } from './podium-process.ts';
import { startRedis } from './redis-process.ts';
import { waitUntil } from './wait-until.ts';

/** Long enough for a busy machine to keep it, short enough to wait for its end. */
const LEASE_MS = 2500;
const MAIN = fileURLToPath(new URL('./instance-main.ts', import.meta.url));

export type Instances = Awaited<ReturnType<typeof openInstances>>;

/** Instances of one Podium, with their API and sockets, over one Redis and one folder of results. `pods` by their ids. */
export async function openInstances(pods: Record<string, DemoPod>) {
  const redis = await startRedis();
  const dataDir = mkdtempSync(join(tmpdir(), 'podium-instances-'));
  const servers: PodiumServer[] = [];
  const processes: PodiumProcess[] = [];
  const sockets: TestSocket[] = [];
  const settings = {
    COMFYUI_POD_URL: Object.entries(pods)
      .map(([id, { url }]) => `${id}=${url}`)
      .join(','),
    REDIS_URL: redis.url,
    DATA_DIR: dataDir,
    LEASE_MS: String(LEASE_MS),
    POD_REQUESTS_PER_SECOND: '0',
    RETRY_BACKOFF_BASE_MS: '20',
    PORT: '0',
  };
  const driven = ({ desk }: PodiumServer) => desk.runner.driven().map(({ id }) => id);

  return {
    redis,
    dataDir,
    driven,
    /** An instance in this process. */
    async open(more: Record<string, string> = {}): Promise<PodiumServer> {
      const podium = await createServer(readConfig({ ...settings, ...more }), {
        pages: false,
        copyPace: QUICK_COPIES,
      });
      heedFullDisk(podium.desk, dataDir);
      servers.push(podium);
      await podium.start();
      return podium;
    },
    /** An instance in a process of its own, which serves when this resolves. */
    async spawn(): Promise<PodiumProcess> {
      const podium = new PodiumProcess(settings, [process.execPath, '--import', 'tsx', MAIN]);
      processes.push(podium);
      await podium.ready();
      return podium;
    },
    /** Stops one that `open` gave. */
    async stop(podium: PodiumServer): Promise<void> {
      servers.splice(servers.indexOf(podium), 1);
      await podium.close();
    },
    /** No instance can write results until the function returned is called. */
    fillDisk: () => fillDisk(dataDir),
    /** A browser's socket. */
    browse(url: string): TestSocket {
      const socket: TestSocket = io(url, { transports: ['websocket'], forceNew: true });
      sockets.push(socket);
      return socket;
    },
    async drives(podium: PodiumServer, ...podIds: string[]): Promise<void> {
      const isSo = () => podIds.toSorted().join() === driven(podium).toSorted().join();
      await waitUntil(isSo, `it drives ${podIds.join(' and ') || 'nothing'}`, 30_000);
    },
    /** Resolves once every pod is up, as this instance sees it. */
    async podsUp({ desk }: PodiumServer): Promise<void> {
      await waitUntil(() => desk.runner.pods().every(({ state }) => state === 'up'), 'the pods are up', 30_000);
    },
    /** The job, as an instance tells it, once it is so. */
    job({ desk }: PodiumServer, id: string, isSo: (job: JobDetail) => boolean, what: string): Promise<JobDetail> {
      return waitUntil(
        async () => {
          const job = await desk.service.get(id).catch(() => undefined);
          return job && isSo(job) && job;
        },
        `job ${id} ${what}`,
        30_000,
      );
    },
    async close(): Promise<void> {
      for (const socket of sockets) socket.disconnect();
      await Promise.all(processes.map((podium) => podium.kill()));
      await Promise.all(servers.map((podium) => podium.close()));
      await redis.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

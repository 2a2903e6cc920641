import { randomUUID } from 'node:crypto';
import type { Job } from '../../lib/jobs/job.ts';
import type { JobProgress } from '../../lib/jobs/progress.ts';
import type { PodView } from '../../lib/protocol/pods.ts';
import type { InstanceLink } from '../../server/jobs/leases/instance-link.ts';
import type { PromptPreview } from '../../server/jobs/pod-events.ts';
import { RedisConnection } from '../../server/redis/connection.ts';
import { openRedisInstanceLink } from '../../server/redis/instance-link.ts';
import { redisKeys } from '../../server/redis/keys.ts';

/** What one instance has heard of the others. */
export interface Heard {
  jobs: Job[];
  progressWithJobs: JobProgress[];
  /** Job and percent. */
  progress: string[];
  previews: { jobId: string; preview: PromptPreview }[];
  /** Versions that the views named. */
  pods: (string | null)[];
  dispatch: number;
  batches: string[];
  missed: number;
  unreadable: string[];
}

export type LinkedDesk = ReturnType<typeof openLinkedDesk>;

/** A desk of one Redis, any number of instances that listen, and a hand that writes as the store does. */
export function openLinkedDesk(port: number) {
  const prefix = `test-${randomUUID()}`;
  const keys = redisKeys(prefix);
  const closers: (() => Promise<void>)[] = [];
  /** Connections of links bear the desk's name, those of the hand do not. */
  const connect = (name: string, through = port) => {
    const connection = new RedisConnection({ url: `redis://127.0.0.1:${through}`, name, deadAfterMs: 1000 });
    closers.push(() => connection.close());
    return connection;
  };
  const hand = connect('hand');
  const xaddAs = (id: string, ...fields: string[]) => hand.call('XADD', keys.events, id, ...fields);

  /** Ids of the connections that links listen over. */
  async function listening(): Promise<string[]> {
    const clients = String(await hand.call('CLIENT', 'LIST')).split('\n');
    const ours = clients.filter((line) => line.includes(`name=${prefix} `));
    return ours.flatMap((line) =>
      / cmd=(xread|subscribe|ping|eval) /.test(line) ? (/id=(\d+)/.exec(line)?.[1] ?? []) : [],
    );
  }
  async function cutLinks(): Promise<number> {
    const ids = await listening();
    for (const id of ids) await hand.call('CLIENT', 'KILL', 'ID', id);
    return ids.length;
  }

  /** The link of one more instance, which does not listen yet. */
  function openLink(through = port, onUnreadable: (id: string) => void = () => undefined): InstanceLink {
    const link = openRedisInstanceLink({
      redis: connect(prefix, through),
      keys,
      instanceId: randomUUID(),
      onUnreadable: ({ id }) => onUnreadable(id),
    });
    closers.unshift(() => link.close());
    return link;
  }

  return {
    keys,
    openLink,
    xaddAs,
    xadd: (...fields: string[]) => xaddAs('*', ...fields),
    async announce(...jobs: Job[]): Promise<void> {
      for (const job of jobs) {
        const is = `${job.state} ${job.attempts.at(-1)?.promptId ?? ''}`;
        await xaddAs('*', 'id', job.id, 'rev', String(job.revision), 'is', is, 'job', JSON.stringify(job));
      }
    },
    /** Resolves when Redis has all that was announced before. */
    announced: () => hand.call('PING'),
    publish: (channel: string, message: string) => hand.call('PUBLISH', `${keys.base}${channel}`, message),
    trimTo: (entries: number) => hand.call('XTRIM', keys.events, 'MAXLEN', '=', entries),
    /** Nobody sees anything between what `steps` does. */
    async atOnce(steps: () => Promise<unknown>): Promise<void> {
      await hand.call('MULTI');
      await steps();
      await hand.call('EXEC');
    },
    /** The stream is gone; another begins with an entry of this id. */
    async loseStream(firstId: string): Promise<void> {
      await hand.call('DEL', keys.events);
      await xaddAs(firstId, 'begin', '');
    },
    cutLinks,
    listenersOf: async (jobId: string) => {
      const answer = await hand.call('PUBSUB', 'NUMSUB', keys.previewChannel(jobId));
      return Array.isArray(answer) ? Number(answer[1]) : -1;
    },
    /** Messages sent so far, by anybody. */
    published: async () => {
      const stats = String(await hand.call('INFO', 'commandstats'));
      return Number(/cmdstat_publish:calls=(\d+)/.exec(stats)?.[1] ?? 0);
    },
    /** Keeps a view and tells nobody. */
    keepPod: (view: PodView, token: number) => hand.call('HSET', keys.pods, view.id, JSON.stringify({ token, view })),
    /** One more instance, which listens when this resolves. */
    async join(through = port): Promise<{ link: InstanceLink; heard: Heard }> {
      const heard: Heard = {
        jobs: [],
        progressWithJobs: [],
        progress: [],
        previews: [],
        pods: [],
        batches: [],
        dispatch: 0,
        missed: 0,
        unreadable: [],
      };
      const link = openLink(through, (id) => heard.unreadable.push(id));
      await link.start({
        jobChanged: (job, progress) => {
          heard.jobs.push(job);
          if (progress) heard.progressWithJobs.push(progress);
        },
        jobProgress: (jobId, { percent }) => void heard.progress.push(`${jobId} ${percent}`),
        jobPreview: (jobId, preview) => void heard.previews.push({ jobId, preview }),
        batchMade: (batchId) => void heard.batches.push(batchId),
        podChanged: ({ version }) => void heard.pods.push(version),
        isNews: () => true,
        wants: () => true,
        jobPassed: () => undefined,
        dispatchChanged: () => void (heard.dispatch += 1),
        missed: () => void (heard.missed += 1),
      });
      return { link, heard };
    },
    close: async () => {
      for (const close of closers) await close();
    },
  };
}

import type { PodView } from '../../../lib/protocol/pods.ts';
import { isUsable } from './pod-health.ts';
import { withoutSecrets } from './pod-url.ts';
import type { PodClient } from '../pod-client.ts';
import type { PodWatch } from './pod-watch.ts';

interface ShownPod {
  client: Pick<PodClient, 'podId' | 'baseUrl' | 'link'>;
  name: string;
  demo: boolean;
  slots: number;
  watch: Pick<PodWatch, 'health' | 'queue' | 'checkpoint' | 'view'>;
  /** Ours on it, newest state. */
  jobIds: string[];
  drained: boolean;
}

/** A pod as the one who drives it sees it. */
export function shownPod({ client, name, demo, slots, watch, jobIds, drained }: ShownPod): PodView {
  const { stats } = watch.health;
  const { running, pending } = watch.queue;
  const watched = watch.view();
  const draining = drained && isUsable(watched);
  return {
    id: client.podId,
    name,
    url: withoutSecrets(client.baseUrl),
    demo,
    ...watched,
    ...(draining && { state: 'draining' as const, reason: 'It gets nothing new until somebody takes that back.' }),
    link: client.link(),
    version: stats?.version ?? null,
    checkpoint: watch.checkpoint,
    ram: stats ? { total: stats.ramTotal, free: stats.ramFree } : null,
    devices: stats?.devices ?? [],
    queue: {
      running: running.length,
      pending: pending.length,
      foreign: [...running, ...pending].filter(({ jobId }) => jobId === undefined).length,
      jobIds,
      slots,
    },
    drained,
  };
}

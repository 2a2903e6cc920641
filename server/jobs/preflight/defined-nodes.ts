import type { PodView } from '../../../lib/protocol/pods.ts';
import type { NodeCatalog } from '../../../lib/workflow/catalog/node-catalog.ts';
import type { NodeCatalogs, PodNodes } from './node-catalogs.ts';
import { joinedCatalog } from './joined-nodes.ts';

/** Nobody waits longer for what a pod has. */
const ANSWER_WITHIN_MS = 1500;

/** The node classes that are known of the desk's pods, whether they answer at the moment or not. */
export class DefinedNodes {
  constructor(
    private readonly pods: () => readonly PodView[],
    private readonly catalogs: Pick<NodeCatalogs, 'lastKnown' | 'fresh'>,
  ) {}

  /** Of each pod that is known, this one first; equal ones once. */
  known(podId?: string): PodNodes[] {
    const pods = this.pods();
    const ordered = [...pods.filter(({ id }) => id === podId), ...pods.filter(({ id }) => id !== podId)];
    return [...new Set(ordered.flatMap((pod) => this.catalogs.lastKnown(pod) ?? []))];
  }

  /** Each class as this pod says, else as the first pod that has it. Waits up to 1.5 s for pods that nothing is known of. */
  async catalog(podId?: string): Promise<NodeCatalog> {
    await this.catalogs.fresh(this.pods(), {
      maxAgeMs: Number.POSITIVE_INFINITY,
      withinMs: ANSWER_WITHIN_MS,
    });
    return joinedCatalog(this.known(podId).map(({ catalog }) => catalog));
  }
}

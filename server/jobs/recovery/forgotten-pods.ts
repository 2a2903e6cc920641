import { jobError } from '../../../lib/jobs/job-error.ts';
import type { JobStore } from '../job-store.ts';
import type { Clock, JobWriter } from '../job-writer.ts';

interface ForgottenPodsDeps {
  store: JobStore;
  writer: JobWriter;
  clock: Clock;
  /** How long a pod may be in nobody's configuration, since settings of several instances are changed one by one. */
  graceMs: number;
}

/** Ends jobs on pods that no configuration names any more: nobody can follow them. */
export class ForgottenPods {
  private readonly since = new Map<string, number>();

  constructor(private readonly deps: ForgottenPodsDeps) {}

  /** `known`: pods in the configuration of any instance that lives. */
  async look(known: ReadonlySet<string>): Promise<void> {
    const { store, writer, clock, graceMs } = this.deps;
    const now = clock.now().getTime();
    const unknown = (await store.podsWithJobs()).filter((podId) => !known.has(podId));
    for (const podId of this.since.keys()) if (!unknown.includes(podId)) this.since.delete(podId);
    for (const podId of unknown) {
      const since = this.since.get(podId) ?? now;
      this.since.set(podId, since);
      if (now - since < graceMs) continue;
      const error = jobError('pod_unreachable', `Its pod "${podId}" is no longer in COMFYUI_POD_URL.`);
      for (const { job } of await store.onPod(podId))
        await writer.apply(job.id, () => ({ type: 'fail', error, outcome: 'lost' }));
    }
  }
}

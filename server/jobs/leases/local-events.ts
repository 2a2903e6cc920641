import type { InstanceLink } from './instance-link.ts';
import type { JobEvents } from '../job-events.ts';
import type { Fence } from './lease.ts';

/** What one pod's driver tells: to this process, and to the other instances. Changes of jobs are told to them by the store. */
export function toldEverywhere(here: JobEvents, link: InstanceLink, fence: Fence): JobEvents {
  return {
    jobChanged: (job, progress) => here.jobChanged(job, progress),
    jobProgress: (jobId, progress) => {
      here.jobProgress(jobId, progress);
      link.publishProgress(jobId, progress);
    },
    jobPreview: (jobId, preview) => {
      here.jobPreview(jobId, preview);
      link.publishPreview(jobId, preview);
    },
    podChanged: (pod) => {
      here.podChanged(pod);
      link.publishPod(pod, fence);
    },
    batchMade: (batchId) => here.batchMade(batchId),
    missed: () => here.missed(),
  };
}

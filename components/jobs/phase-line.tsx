import type { JobProgress } from '../../lib/jobs/progress.ts';

/** The present moment in words: "KSampler 12/30". */
export function phaseLine(live: JobProgress | undefined): string {
  if (!live) return '';
  if (live.phase === 'queued')
    return live.queuePosition ? `Number ${live.queuePosition} in the pod’s queue` : 'In the pod’s queue';
  if (live.node) return live.node.max > 1 ? `${live.node.name} ${live.node.value}/${live.node.max}` : live.node.name;
  return { loading: 'Loading', sampling: 'Sampling', saving: 'Saving' }[live.phase];
}

import { failureRules, type RemedyAction } from '../../lib/jobs/failure-rules.ts';
import type { JobDetail } from '../../lib/protocol/jobs.ts';
import type { PodView } from '../../lib/protocol/pods.ts';

/** Nodes of the prompt that a failure is about, the one to look at first in front. */
export function nodesOfFailure({ error }: Pick<JobDetail, 'error'>): string[] {
  const named = Object.keys(error?.nodes ?? {});
  const lacking = (error?.missing ?? []).flatMap(({ nodeId }) => (nodeId === undefined ? [] : [nodeId]));
  return [...new Set([...named, ...lacking])];
}

/**
 * What can be pressed about a failure, the best first: what its code prescribes, without what cannot be done here and now.
 * `graph`: there is one to show a node in. `retryWorks`: a retry is known to work now.
 */
export function remediesOf(
  job: Pick<JobDetail, 'error' | 'podId'>,
  pods: readonly Pick<PodView, 'id' | 'state'>[],
  { graph, retryWorks }: { graph: boolean; retryWorks: boolean },
): RemedyAction[] {
  if (!job.error) return [];
  const pod = pods.find((one) => one.id === job.podId);
  const can: Partial<Record<RemedyAction, boolean>> = {
    retry_elsewhere: pods.some((one) => one.id !== job.podId),
    show_node: graph && nodesOfFailure(job).length > 0,
    reopen_pod: pod?.state === 'quarantined' || pod?.state === 'unauthorized',
  };
  const actions = failureRules[job.error.code].actions.filter((action) => can[action] ?? true);
  const all = actions.includes('retry') ? actions : [...actions, 'retry' as const];
  return retryWorks ? ['retry', ...all.filter((action) => action !== 'retry')] : all;
}

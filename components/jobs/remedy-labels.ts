import type { RemedyAction } from '../../lib/jobs/failure-rules.ts';

/** What stands on the button of each remedy; the pod to be reopened is named where it is known. */
export const REMEDY_LABELS: Readonly<Record<RemedyAction, string>> = {
  retry: 'Retry',
  retry_elsewhere: 'Retry on another pod',
  free_memory: 'Free memory and retry',
  edit: 'Change and submit again',
  show_node: 'Show the node',
  reopen_pod: 'Reopen the pod',
  open_pods: 'See the pods',
};

import type { DemoPod } from '../../server/demo-pod/create-demo-pod.ts';

/** These pods no longer tell what they have, so that a desk opened from now on gives them what they refuse. */
export function withholdNodes(pods: readonly DemoPod[]): void {
  const fault = { kind: 'status', status: 404, contentType: 'application/json', body: '{}' } as const;
  for (const pod of pods) pod.control.fault({ path: '/object_info' }, fault);
}

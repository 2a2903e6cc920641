import type { Metadata } from 'next';
import { PodsPage } from '../../components/pods/pods-page.tsx';
import { isOnPod, JOB_STATES } from '../../lib/jobs/job-state.ts';
import { serverApi } from '../server-api.ts';

export const metadata: Metadata = { title: 'Pods · Podium' };

export default async function Pods() {
  const api = await serverApi();
  // Not those that wait in Podium: they can be so many that none on a pod would be among the newest.
  const states = JOB_STATES.filter(isOnPod);
  const query = new URLSearchParams({ state: states.join(','), limit: '100' }).toString();
  const [pods, active, system] = await Promise.all([api.pods(), api.jobs(query), api.system().catch(() => null)]);
  return <PodsPage first={pods} active={active} filter={{ state: states }} query={query} system={system} />;
}

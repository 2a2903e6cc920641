import type { Metadata } from 'next';
import { STATE_GROUPS } from '../../components/jobs/state-groups.ts';
import { PodList } from '../../components/pods/pod-list.tsx';
import { serverApi } from '../server-api.ts';

export const metadata: Metadata = { title: 'Pods · Podium' };

export default async function Pods() {
  const api = await serverApi();
  const states = [...STATE_GROUPS[0].states];
  const query = new URLSearchParams({ state: states.join(',') }).toString();
  const [pods, active] = await Promise.all([api.pods(), api.jobs(query)]);
  return (
    <>
      <h1 className="mb-4 text-xl font-semibold">Pods</h1>
      <PodList first={pods} active={active} filter={{ state: states }} query={query} />
    </>
  );
}

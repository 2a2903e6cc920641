import type { Metadata } from 'next';
import { STATE_GROUPS } from '../../components/jobs/state-groups.ts';
import { PodsPage } from '../../components/pods/pods-page.tsx';
import { serverApi } from '../server-api.ts';

export const metadata: Metadata = { title: 'Pods · Podium' };

export default async function Pods() {
  const api = await serverApi();
  const states = [...STATE_GROUPS[0].states];
  const query = new URLSearchParams({ state: states.join(',') }).toString();
  const [pods, active, system] = await Promise.all([api.pods(), api.jobs(query), api.system().catch(() => null)]);
  return <PodsPage first={pods} active={active} filter={{ state: states }} query={query} system={system} />;
}

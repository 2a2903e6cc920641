import type { Metadata } from 'next';
import { RecoveryList } from '../../components/recovery/recovery-list.tsx';
import { RECOVERIES_SHOWN } from '../../components/recovery/recovery-query.ts';
import { serverApi } from '../server-api.ts';

export const metadata: Metadata = { title: 'Recovered · Podium' };

export default async function Recovered() {
  const api = await serverApi();
  const [recoveries, jobs, pods] = await Promise.all([
    api.recoveries(RECOVERIES_SHOWN),
    api.jobs('limit=100'),
    api.pods(),
  ]);
  return (
    <>
      <h1 className="text-xl font-semibold">Recovered</h1>
      <p className="mb-4 text-muted">
        After every start, take-over and lost connection Podium looks for the jobs that were on pods and goes on with
        them. None is sent twice.
      </p>
      <RecoveryList
        first={recoveries}
        jobs={jobs}
        podNames={Object.fromEntries(pods.map(({ id, name }) => [id, name]))}
      />
    </>
  );
}

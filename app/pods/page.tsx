import { PodList } from '../../components/pods/pod-list.tsx';
import { serverApi } from '../server-api.ts';

export default async function PodsPage() {
  const pods = await (await serverApi()).pods();
  return (
    <>
      <h1 className="mb-4 text-xl font-semibold">Pods</h1>
      <PodList first={pods} />
    </>
  );
}

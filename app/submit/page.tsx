import { SubmitForm } from '../../components/workflow/submit-form.tsx';
import { serverApi } from '../server-api.ts';

export default async function SubmitPage() {
  const pods = await (await serverApi()).pods();
  return (
    <>
      <h1 className="mb-4 text-xl font-semibold">Submit a workflow</h1>
      <SubmitForm pods={pods} />
    </>
  );
}

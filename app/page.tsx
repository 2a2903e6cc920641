import { JobList } from '../components/jobs/job-list.tsx';
import { JOB_STATES } from '../lib/jobs/job.ts';
import type { JobFilter } from '../lib/protocol/jobs.ts';
import { serverApi } from './server-api.ts';

type Query = Record<string, string | string[] | undefined>;

export default async function JobsPage({ searchParams }: { searchParams: Promise<Query> }) {
  const given = await searchParams;
  const text = (name: string) => [given[name]].flat()[0]?.slice(0, 100) ?? '';
  const states = JOB_STATES.filter((state) => text('state').split(',').includes(state));
  const q = text('q');
  const pod = text('pod');
  const filter: JobFilter = { ...(states.length > 0 && { state: states }), ...(q && { q }), ...(pod && { pod }) };
  const query = new URLSearchParams({
    ...(states.length > 0 && { state: states.join(',') }),
    ...(q && { q }),
    ...(pod && { pod }),
  }).toString();
  const list = await (await serverApi()).jobs(query);
  return (
    <>
      <h1 className="text-xl font-semibold">Jobs</h1>
      <form className="mt-3 flex gap-2" role="search">
        <input className="field" name="q" defaultValue={q} aria-label="Search jobs by name" placeholder="Search jobs" />
        {states.length > 0 && <input type="hidden" name="state" value={states.join(',')} />}
        <button className="button">Search</button>
      </form>
      <JobList first={list} filter={filter} query={query} />
    </>
  );
}

'use client';
import { Inbox, SearchX } from 'lucide-react';
import Link from 'next/link';
import { useRef, useState } from 'react';
import type { PodView } from '../../lib/protocol/pods.ts';
import type { BatchList } from '../../lib/protocol/batches.ts';
import type { JobFilter, JobList as List } from '../../lib/protocol/jobs.ts';
import { failureLines } from '../hooks/browser-api.ts';
import { BatchRow } from '../batches/batch-row.tsx';
import { mergedRows } from '../batches/merged-rows.ts';
import { useKeys } from '../hooks/use-keys.ts';
import { useLiveBatches } from '../hooks/use-live-batches.ts';
import { useLiveJobs } from '../hooks/use-live-jobs.ts';
import { useTitle } from '../hooks/use-title.ts';
import { Button, buttonClass } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Problem } from '../ui/problem.tsx';
import { SampleButton } from '../workflow/sample-button.tsx';
import { FailureGroups, type KnownFailures } from './failure-groups.tsx';
import { JobFilters } from './job-filters.tsx';
import { JobRow } from './job-row.tsx';
import { listKey } from './list-keys.ts';
import { stateWord } from './state-badge.tsx';
import type { ListChoice } from './state-groups.ts';

/**
 * The live list. `query` is the filter as the API's query string; `failures` is left out where causes have no place,
 * `batches` where jobs are looked for one by one.
 */
export function JobList(props: {
  first: List;
  filter: JobFilter;
  choice: ListChoice;
  query: string;
  batches?: BatchList;
  failures?: KnownFailures;
  pods: Pick<PodView, 'id' | 'name' | 'demo' | 'checkpoint'>[];
}) {
  const { list, ended, offer, more } = useLiveJobs(props.first, props.filter, props.query);
  const batches = useLiveBatches(props.batches);
  const [reading, setReading] = useState(false);
  const [problem, setProblem] = useState('');
  const rows = useRef<HTMLUListElement>(null);
  const podNames = new Map(props.pods.map((pod) => [pod.id, pod.name]));
  const { counts } = list;
  const running = counts.running + counts.submitting + counts.uncertain;
  const listed = mergedRows(
    { items: list.jobs, more: list.nextCursor !== null },
    { items: batches.list.batches, more: batches.list.nextCursor !== null },
  );
  useTitle(running > 0 ? `▶ ${running} running · Podium` : 'Jobs · Podium');
  useKeys((key) => listKey(key, rows.current));
  async function readMore() {
    setReading(true);
    setProblem('');
    await Promise.all([more(), batches.more()]).catch((error: unknown) => setProblem(failureLines(error).join(' ')));
    setReading(false);
  }
  return (
    <>
      <JobFilters choice={props.choice} counts={counts} pods={props.pods} />
      <p role="status" className="sr-only">
        {ended && `${ended.name}: ${stateWord(ended.state)}`}
      </p>
      {props.failures && <FailureGroups first={props.failures} ended={ended} />}
      {listed.length === 0 ? (
        !props.batches ? (
          <Empty Icon={SearchX} title="No job matches">
            <Link className={buttonClass()} href="/">
              Show all jobs
            </Link>
          </Empty>
        ) : (
          <Empty Icon={Inbox} title="No jobs yet">
            <p className="max-w-sm text-muted">
              Run the sample to see a first picture, or submit a workflow that you exported from ComfyUI.
            </p>
            <div className="flex flex-wrap justify-center gap-2">
              <SampleButton pods={props.pods} onAnswer={offer} />
              <Link className={buttonClass()} href="/submit">
                Submit a workflow
              </Link>
            </div>
          </Empty>
        )
      ) : (
        <ul ref={rows} aria-label="Jobs" className="divide-y overflow-hidden rounded-lg border bg-surface">
          {listed.map((row) =>
            'batch' in row ? (
              <BatchRow key={row.batch.id} batch={row.batch} onAnswer={batches.offer} />
            ) : (
              <JobRow
                key={row.job.id}
                job={row.job}
                podName={row.job.podId === null ? undefined : podNames.get(row.job.podId)}
                onAnswer={offer}
              />
            ),
          )}
        </ul>
      )}
      {(list.nextCursor ?? batches.list.nextCursor) !== null && (
        <Button className="justify-self-center" disabled={reading} onClick={() => void readMore()}>
          {reading ? 'Loading…' : 'Load more'}
        </Button>
      )}
      <Problem text={problem} className="text-center" />
    </>
  );
}

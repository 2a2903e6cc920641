import Link from 'next/link';
import type { ReactNode } from 'react';
import type { JobDetail } from '../../lib/protocol/jobs.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { TimeAgo } from '../time/time-ago.tsx';
import { durationText } from '../time/time-text.ts';

/** The plain facts of a job. */
export function JobFacts({ job, podName }: { job: JobDetail; podName: string | undefined }) {
  const last = job.attempts.at(-1);
  const between = (from: string, to: string) => durationText(Date.parse(to) - Date.parse(from));
  return (
    <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-1.5">
      <Fact word="Pod">
        {podName ? (
          <Link className="underline decoration-line underline-offset-4 hover:decoration-current" href="/pods">
            {podName}
          </Link>
        ) : (
          'none yet'
        )}
      </Fact>
      {job.batch && (
        <Fact word="Batch">
          <Link
            className="underline decoration-line underline-offset-4 hover:decoration-current"
            href={`/batches/${job.batch.id}`}
          >
            Job {job.batch.index + 1} of its batch
          </Link>
        </Fact>
      )}
      <Fact word="Submitted">
        <TimeAgo at={job.createdAt} />
      </Fact>
      {job.startedAt && <Fact word="Waited">{waitText(job.createdAt, job.startedAt)}</Fact>}
      {last?.endedAt && (
        <Fact word={job.attempts.length > 1 ? 'Last attempt' : 'Took'}>{between(last.startedAt, last.endedAt)}</Fact>
      )}
      {job.endedAt && (
        <Fact word="Ended">
          <TimeAgo at={job.endedAt} />
        </Fact>
      )}
      <Fact word="Attempts">{job.attempts.length}</Fact>
      {job.priority !== 0 && <Fact word="Priority">{job.priority}</Fact>}
      <Fact word="Job id">
        <Id text={job.id} what="job id" />
      </Fact>
      {job.promptId && (
        <Fact word="Prompt id">
          <Id text={job.promptId} what="prompt id" />
        </Fact>
      )}
      {Object.entries(job.metadata).map(([key, value]) => (
        <Fact key={key} word={key}>
          <span className="break-all">{typeof value === 'string' ? value : JSON.stringify(value)}</span>
        </Fact>
      ))}
    </dl>
  );
}

const AT_ONCE_MS = 100;
function waitText(from: string, to: string): string {
  const ms = Date.parse(to) - Date.parse(from);
  return ms < AT_ONCE_MS ? 'not at all' : durationText(ms);
}

function Fact({ word, children }: { word: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{word}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}

function Id({ text, what }: { text: string; what: string }) {
  return (
    <span className="-my-1 flex items-center gap-1">
      <code className="truncate font-mono text-xs" title={text}>
        {text.slice(0, 8)}
      </code>
      <CopyButton text={text} what={what} />
    </span>
  );
}

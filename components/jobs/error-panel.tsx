import { CircleX, SquarePen } from 'lucide-react';
import Link from 'next/link';
import type { JobDetail } from '../../lib/protocol/jobs.ts';
import { buttonClass } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Notice } from '../ui/notice.tsx';
import { JobActions } from './job-actions.tsx';
import { failureRules } from '../../lib/jobs/failure-rules.ts';

/** A failure: what happened, where the cause lies, what Podium did, what to do, with the button that does it. */
export function ErrorPanel({ job, onAnswer }: { job: JobDetail; onAnswer: (job: JobDetail) => void }) {
  const { error } = job;
  if (!error) return null;
  const edit = failureRules[error.code].actions[0] === 'edit';
  const tries = job.attempts.length;
  return (
    <Notice tone="bad" Icon={CircleX} label="What went wrong">
      <h2 className="font-semibold break-words">{error.message}</h2>
      <dl className="mt-2 grid gap-x-4 gap-y-1 max-sm:[&_dd]:mb-1.5 sm:grid-cols-[auto_1fr]">
        <dt className="text-muted">Cause</dt>
        <dd>{failureRules[error.code].cause}</dd>
        <dt className="text-muted">What Podium did</dt>
        <dd>{tries > 1 ? `It tried ${tries} times, then gave up.` : 'It tried once and did not repeat it.'}</dd>
        <dt className="text-muted">What you can do</dt>
        <dd>{error.nextStep}</dd>
      </dl>
      {error.nodes && <NodeErrors nodes={error.nodes} />}
      <div className="mt-3 flex flex-wrap gap-2">
        {edit && (
          <Link className={buttonClass({ tone: 'primary' })} href={`/submit?from=${job.id}`}>
            <SquarePen size={15} aria-hidden /> Change and submit again
          </Link>
        )}
        <JobActions job={job} onAnswer={onAnswer} tone={edit ? 'plain' : 'primary'} />
      </div>
      {error.traceback && <Traceback text={error.traceback} type={error.exceptionType} />}
    </Notice>
  );
}

function NodeErrors({ nodes }: { nodes: NonNullable<NonNullable<JobDetail['error']>['nodes']> }) {
  return (
    <ul className="mt-3 grid gap-2" aria-label="Nodes with errors">
      {Object.entries(nodes).map(([id, node]) => (
        <li key={id} className="border-l-2 border-bad pl-3">
          <span className="font-medium">{node.classType ?? 'Node'}</span> <span className="text-muted">node {id}</span>
          {node.errors.map((one) => (
            <p key={`${one.type} ${one.inputName} ${one.details}`} className="break-words">
              {one.inputName && <code className="font-mono text-xs">{one.inputName}</code>} {one.message}
              {one.details && one.details !== one.inputName && <span className="text-muted"> ({one.details})</span>}
            </p>
          ))}
        </li>
      ))}
    </ul>
  );
}

function Traceback({ text, type }: { text: string; type: string | undefined }) {
  return (
    <details className="mt-3">
      <summary className="font-medium underline decoration-dotted underline-offset-4">
        Traceback{type && <span className="font-normal text-muted"> of {type}</span>}
      </summary>
      <div className="mt-2 rounded-md border bg-surface">
        <div className="flex justify-end border-b px-1 py-0.5">
          <CopyButton text={text} what="traceback" />
        </div>
        <pre tabIndex={0} aria-label="Traceback" className="max-h-80 overflow-auto p-3 font-mono text-xs">
          {text}
        </pre>
      </div>
    </details>
  );
}

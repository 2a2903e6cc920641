import { CircleX } from 'lucide-react';
import { failureRules } from '../../lib/jobs/failure-rules.ts';
import type { JobError } from '../../lib/jobs/job-error.ts';
import type { JobDetail } from '../../lib/protocol/jobs.ts';
import { useOutlook } from '../hooks/use-outlook.ts';
import { Notice } from '../ui/notice.tsx';
import { memoryNumbers } from './memory-numbers.ts';
import { MissingThings, OutlookLine } from './missing-things.tsx';
import { Remedies, type RemedyProps } from './remedies.tsx';
import { ShowNode } from './show-node.tsx';
import { Traceback } from './traceback.tsx';
import { whatPodiumDid } from './what-podium-did.ts';

const BLAMED: Record<JobError['blame'], string> = {
  workflow: 'Workflow',
  pod: 'Pod',
  network: 'Network',
  podium: 'Podium',
  operator: 'Set-up',
};

/** A failure: what happened, whose fault it was, what Podium did, what to do, with the buttons that do it. */
export function ErrorPanel(props: RemedyProps) {
  const { job, nameOf, onShowNode } = props;
  const { error } = job;
  if (!error) return null;
  const memory = error.memory ? memoryNumbers(error.memory) : '';
  return (
    <Notice tone="bad" Icon={CircleX} label="What went wrong">
      <h2 className="font-semibold break-words">{error.message}</h2>
      <dl className="mt-2 grid gap-x-4 gap-y-1 max-sm:[&_dd]:mb-1.5 sm:grid-cols-[auto_1fr]">
        <dt className="text-muted">Whose fault</dt>
        <dd>
          {error.code !== 'unknown_failure' && (
            <span className="mr-2 inline-block rounded border border-bad/40 px-1.5 text-xs font-medium">
              {BLAMED[error.blame]}
            </span>
          )}
          {failureRules[error.code].cause}
        </dd>
        {memory !== '' && (
          <>
            <dt className="text-muted">Memory</dt>
            <dd>{memory}</dd>
          </>
        )}
        <dt className="text-muted">What Podium did</dt>
        <dd>
          {whatPodiumDid(
            job,
            props.pods.map((pod) => pod.id),
            nameOf,
          )}
        </dd>
        <dt className="text-muted">What you can do</dt>
        <dd>{error.nextStep}</dd>
      </dl>
      {error.nodes && <NodeErrors nodes={error.nodes} onShowNode={onShowNode} />}
      {error.missing && error.missing.length > 0 ? (
        <MissingAndRemedies {...props} missing={error.missing} />
      ) : (
        <Remedies {...props} retryWorks={false} />
      )}
      {error.traceback && <Traceback text={error.traceback} type={error.exceptionType} />}
    </Notice>
  );
}

/** Only what is missing can come: the pods are asked for it as long as this is seen. */
function MissingAndRemedies({ missing, ...props }: RemedyProps & { missing: NonNullable<JobError['missing']> }) {
  const outlook = useOutlook(props.job.id);
  return (
    <>
      <MissingThings things={missing} onShowNode={props.onShowNode} />
      <OutlookLine outlook={outlook} />
      <Remedies {...props} retryWorks={outlook?.works === 'yes'} />
    </>
  );
}

function NodeErrors({
  nodes,
  onShowNode,
}: {
  nodes: NonNullable<NonNullable<JobDetail['error']>['nodes']>;
  onShowNode: RemedyProps['onShowNode'];
}) {
  return (
    <ul className="mt-3 grid gap-2" aria-label="Nodes with errors">
      {Object.entries(nodes).map(([id, node]) => (
        <li key={id} className="border-l-2 border-bad pl-3">
          <span className="font-medium">{node.classType ?? 'Node'}</span>{' '}
          <ShowNode nodeId={id} onShowNode={onShowNode} />
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

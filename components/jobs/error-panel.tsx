import type { ErrorCategory, JobError } from '../../lib/protocol/errors.ts';

const FAULT: Record<ErrorCategory, string> = {
  transient: 'A passing problem between Podium and the pod.',
  recoverable: 'The pod could not carry this job.',
  permanent: 'This workflow cannot run as it is on this pod.',
  fatal: 'The pod needs a person before it can be used again.',
};

export function ErrorPanel({ error }: { error: JobError }) {
  return (
    <section role="alert" className="rounded border border-bad p-4">
      <p className="font-medium">{error.message}</p>
      <p>{FAULT[error.category]}</p>
      <p>{error.nextStep}</p>
      {Object.entries(error.nodes ?? {}).map(([id, node]) => (
        <p key={id}>
          {node.classType ?? 'Node'} {id}: {node.errors.map((one) => one.details ?? one.message).join('; ')}
        </p>
      ))}
      {error.traceback && (
        <details className="mt-2">
          <summary>Traceback</summary>
          <pre tabIndex={0} className="overflow-auto">
            {error.traceback}
          </pre>
        </details>
      )}
    </section>
  );
}

import { ChevronRight } from 'lucide-react';
import Link from 'next/link';
import type { PodView } from '../../lib/protocol/pods.ts';
import { TimeAgo } from '../time/time-ago.tsx';

/** The newest failures that say something about the pod, folded where the pod is well. */
export function PodErrors({ pod, unfolded }: { pod: Pick<PodView, 'lastErrors'>; unfolded: boolean }) {
  const { lastErrors } = pod;
  if (lastErrors.length === 0) return null;
  return (
    <details open={unfolded} className="group/errors">
      <summary className="flex items-center gap-1 text-xs text-muted hover:text-ink">
        <ChevronRight size={14} aria-hidden className="group-open/errors:rotate-90" />
        {lastErrors.length === 1 ? 'Last error' : `Last ${lastErrors.length} errors`}
      </summary>
      <ol className="mt-1.5 grid gap-1.5 pl-4.5 text-xs">
        {lastErrors.map(({ at, code, message, jobId }) => (
          <li key={`${at} ${code} ${jobId}`} className="min-w-0 break-words">
            <span className="text-muted">
              <TimeAgo at={at} /> ·
            </span>{' '}
            {message}{' '}
            {jobId !== undefined && (
              <Link className="whitespace-nowrap underline underline-offset-2" href={`/jobs/${jobId}`} prefetch={false}>
                See the job
              </Link>
            )}
          </li>
        ))}
      </ol>
    </details>
  );
}

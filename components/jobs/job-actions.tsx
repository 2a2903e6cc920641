'use client';
import { CircleStop, RotateCcw } from 'lucide-react';
import { isTerminal } from '../../lib/jobs/job-state.ts';
import type { JobDetail, JobSummary } from '../../lib/protocol/jobs.ts';
import { useJobAction } from '../hooks/use-job-action.ts';
import { Button, type ButtonLook } from '../ui/button.tsx';
import { Problem } from '../ui/problem.tsx';

type Target = Pick<JobSummary, 'id' | 'name' | 'state' | 'cancelRequested'>;

/** The one action the state allows: cancel while active, retry after a bad end. */
export function JobActions({
  job,
  onAnswer,
  ...look
}: ButtonLook & {
  job: Target;
  onAnswer: (job: JobDetail) => void;
}) {
  const { act, busy, problem } = useJobAction(job.id, onAnswer);
  if (job.state === 'succeeded') return null;
  const verb = isTerminal(job.state) ? 'retry' : 'cancel';
  const Icon = verb === 'cancel' ? CircleStop : RotateCcw;
  return (
    <>
      <Button
        {...look}
        data-action={verb}
        onClick={() => void act(verb)}
        disabled={busy || (verb === 'cancel' && job.cancelRequested)}
        aria-label={`${verb === 'cancel' ? 'Cancel' : 'Retry'} ${job.name}`}
      >
        <Icon size={15} aria-hidden /> {verb === 'cancel' ? 'Cancel' : 'Retry'}
      </Button>
      <Problem text={problem} className="w-full text-xs" />
    </>
  );
}

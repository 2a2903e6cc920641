'use client';
import { useState } from 'react';
import { createApiClient } from '../../lib/api-client.ts';
import { isTerminal } from '../../lib/jobs/job.ts';
import type { JobDetail, JobSummary } from '../../lib/protocol/jobs.ts';
import { Button } from '../ui/button.tsx';

type Target = Pick<JobSummary, 'id' | 'name' | 'state' | 'cancelRequested'>;

/** The one action the state allows: cancel while active, retry after a bad end. */
export function JobActions({ job, onAnswer }: { job: Target; onAnswer?: (job: JobDetail) => void }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const verb = isTerminal(job.state) ? 'retry' : 'cancel';
  if (job.state === 'succeeded') return null;
  async function act() {
    setBusy(true);
    setProblem('');
    try {
      onAnswer?.(await createApiClient({ baseUrl: '' })[verb](job.id));
    } catch (error) {
      setProblem(error instanceof Error ? error.message : 'The request did not reach Podium.');
    }
    setBusy(false);
  }
  return (
    <span>
      <Button
        onClick={act}
        disabled={busy || (verb === 'cancel' && job.cancelRequested)}
        aria-label={`${verb} ${job.name}`}
      >
        {verb === 'cancel' ? 'Cancel' : 'Retry'}
      </Button>
      {problem && (
        <span role="alert" className="ml-2 text-bad">
          {problem}
        </span>
      )}
    </span>
  );
}

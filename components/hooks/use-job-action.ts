'use client';
import { useState } from 'react';
import type { ApiClient } from '../../lib/api-client.ts';
import type { JobDetail, RetryJobBody } from '../../lib/protocol/jobs.ts';
import { browserApi, failureLines } from './browser-api.ts';

/** Cancels or retries one job, or does what else helps it; `onAnswer` gets the job as the server then has it. */
export function useJobAction(jobId: string, onAnswer: (job: JobDetail) => void) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  /** What the call answered; undefined where it failed, which `problem` then tells. */
  async function ask<T>(call: (api: ApiClient) => Promise<T>): Promise<T | undefined> {
    setBusy(true);
    setProblem('');
    const answer = await browserApi()
      .then(call)
      .catch((error: unknown) => setProblem(failureLines(error).join(' ')));
    setBusy(false);
    return answer ?? undefined;
  }
  /** Whether the server did it. */
  async function act(verb: 'cancel' | 'retry', body: RetryJobBody = {}): Promise<boolean> {
    const job = await ask((api) => (verb === 'retry' ? api.retry(jobId, body) : api.cancel(jobId)));
    if (job) onAnswer(job);
    return job !== undefined;
  }
  return { act, ask, busy, problem };
}

'use client';
import { useState } from 'react';
import type { JobDetail } from '../../lib/protocol/jobs.ts';
import { browserApi, failureLines } from './browser-api.ts';

/** Cancels or retries one job; `onAnswer` gets the job as the server then has it. */
export function useJobAction(jobId: string, onAnswer: (job: JobDetail) => void) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  async function act(verb: 'cancel' | 'retry'): Promise<void> {
    setBusy(true);
    setProblem('');
    try {
      onAnswer(await (await browserApi())[verb](jobId));
    } catch (error) {
      setProblem(failureLines(error).join(' '));
    }
    setBusy(false);
  }
  return { act, busy, problem };
}

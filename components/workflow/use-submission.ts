'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { BatchPlan } from '../../lib/workflow/batch/batch-plan.ts';
import { expandPlan } from '../../lib/workflow/batch/expand-plan.ts';
import { memberPrompt } from '../../lib/workflow/batch/member-prompt.ts';
import type { Prompt } from '../../lib/workflow/prompt.ts';
import { browserApi, failureLines, newIdempotencyKey } from '../hooks/browser-api.ts';

export interface Submission {
  prompt: Prompt;
  /** What the editor saved, where it is known. */
  editor: unknown;
  name: string;
  pod: string;
  plan: BatchPlan;
  /** How many jobs the plan makes. */
  jobs: number;
  /** Takes it although no pod can run it now. */
  wait: boolean;
}

/** Submits one job or a batch, then goes to it. True once it was accepted. */
export function useSubmission() {
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [problems, setProblems] = useState<string[]>([]);
  async function submit({ prompt, editor, name, pod, plan, jobs, wait }: Submission): Promise<boolean> {
    setBusy(true);
    setProblems([]);
    try {
      const api = await browserApi();
      const forms = (one: Prompt) => ({ prompt: one, ...(editor !== undefined && { workflow: editor }) });
      const rest = { ...(name.trim() && { name: name.trim() }), ...(pod && { pod }), ...(wait && { wait }) };
      if (jobs > 1) {
        const batch = await api.submitBatch({ workflow: forms(prompt), plan, ...rest }, newIdempotencyKey());
        router.push(`/batches/${batch.id}`);
      } else {
        const [only] = expandPlan(plan, prompt, Math.random);
        const job = await api.submit(
          { workflow: forms(only ? memberPrompt(prompt, only) : prompt), ...rest },
          newIdempotencyKey(),
        );
        router.push(`/jobs/${job.id}`);
      }
      return true;
    } catch (error) {
      setProblems(failureLines(error));
      setBusy(false);
      return false;
    }
  }
  return { submit, busy, problems, setProblems };
}

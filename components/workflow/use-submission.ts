'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { Prompt } from '../../lib/workflow/prompt.ts';
import { browserApi, failureLines, newIdempotencyKey } from '../hooks/browser-api.ts';
import { withNewSeeds } from './new-seeds.ts';

export interface Submission {
  prompt: Prompt;
  name: string;
  pod: string;
  /** How many jobs; each after the first gets new seeds. */
  count: number;
}

/** Submits one or several jobs, then goes to the job or to the list. */
export function useSubmission() {
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [problems, setProblems] = useState<string[]>([]);
  async function submit({ prompt, name, pod, count }: Submission): Promise<void> {
    setBusy(true);
    setProblems([]);
    let done = 0;
    try {
      const api = await browserApi();
      let lastId = '';
      for (; done < count; done += 1) {
        const workflow = done === 0 ? prompt : withNewSeeds(prompt, Math.random);
        const body = { workflow, ...(name.trim() && { name: name.trim() }), ...(pod && { pod }) };
        lastId = (await api.submit(body, newIdempotencyKey())).id;
      }
      router.push(count === 1 ? `/jobs/${lastId}` : '/');
    } catch (error) {
      const lines = failureLines(error);
      setProblems(done > 0 ? [`${done} of ${count} jobs were accepted, then this happened.`, ...lines] : lines);
      setBusy(false);
    }
  }
  return { submit, busy, problems, setProblems };
}

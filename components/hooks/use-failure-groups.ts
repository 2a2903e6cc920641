'use client';
import { useEffect, useState } from 'react';
import type { FailureGroup, FailureList, JobSummary } from '../../lib/protocol/jobs.ts';
import { browserApi, failureLines } from './browser-api.ts';
import { usePolled } from './use-polled.ts';

/** The server looks through the failed jobs at most every two seconds. */
const AFTER_A_CHANGE_MS = 2500;

/**
 * Failed jobs by cause, kept fresh; null while they are not known. They are read again soon after `ended`, the job that
 * ended last, failed. `retry` resolves to how many jobs of a group are tried again, or to undefined with `problem` set.
 */
export function useFailureGroups(first: FailureList | null, ended: JobSummary | null) {
  const { value: list, set, soon } = usePolled<FailureList | null>(first, (api) => api.failures());
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    if (ended?.state === 'failed') soon(AFTER_A_CHANGE_MS);
  }, [ended, soon]);
  async function retry({ key }: FailureGroup): Promise<number | undefined> {
    setBusy(true);
    setProblem('');
    const retried = await browserApi()
      .then((api) => api.retryGroup(key))
      .catch((error: unknown) => setProblem(failureLines(error).join(' ')));
    setBusy(false);
    soon(AFTER_A_CHANGE_MS);
    if (retried === undefined) return undefined;
    if (list) set({ ...list, groups: list.groups.filter((group) => group.key !== key) });
    return retried;
  }
  return { list, retry, busy, problem };
}

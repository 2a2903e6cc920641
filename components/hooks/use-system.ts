'use client';
import { useState } from 'react';
import type { SystemView } from '../../lib/protocol/system.ts';
import { browserApi, failureLines } from './browser-api.ts';
import { usePolled } from './use-polled.ts';

/** The desk as a whole, kept fresh; null while it is not known. `act` pauses or resumes the dispatch of all jobs. */
export function useSystem(first: SystemView | null) {
  const { value: system, set } = usePolled<SystemView | null>(first, (api) => api.system());
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  async function act(verb: 'pause' | 'resume'): Promise<void> {
    setBusy(true);
    setProblem('');
    try {
      const dispatch = await (await browserApi()).dispatch(verb);
      if (system) set({ ...system, dispatch });
    } catch (error) {
      setProblem(failureLines(error).join(' '));
    }
    setBusy(false);
  }
  return { system, act, busy, problem };
}
export type SystemControl = ReturnType<typeof useSystem>;

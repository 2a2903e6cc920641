'use client';
import { useState } from 'react';
import type { SystemView } from '../../lib/protocol/system.ts';
import { browserApi, failureLines } from './browser-api.ts';
import { usePolled } from './use-polled.ts';

/** The desk as a whole, kept fresh; null while it is not known. `act` pauses or resumes the dispatch and says whether it did. */
export function useSystem(first: SystemView | null) {
  const { value: system, set } = usePolled<SystemView | null>(first, (api) => api.system());
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  async function act(verb: 'pause' | 'resume'): Promise<boolean> {
    setBusy(true);
    setProblem('');
    const dispatch = await browserApi()
      .then((api) => api.dispatch(verb))
      .catch((error: unknown) => setProblem(failureLines(error).join(' ')));
    if (dispatch && system) set({ ...system, dispatch });
    setBusy(false);
    return dispatch !== undefined;
  }
  return { system, act, busy, problem };
}
export type SystemControl = ReturnType<typeof useSystem>;

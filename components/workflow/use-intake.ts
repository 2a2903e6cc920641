'use client';
import { useCallback, useRef, useState } from 'react';
import type { FoundWorkflow } from '../../lib/workflow/intake/intake.ts';
import type { Brought } from './read-input.ts';

/** What is told of a workflow besides its nodes. */
export interface Origin {
  /** What it is called where it comes from, for people: a file's name, a template's, a job's. */
  from: string;
  /** Suggested for the job. */
  name?: string;
  /** Fields that a template shows, in its order. */
  fields?: readonly { key: string; label?: string | undefined }[];
  /** Whether Podium kept it: then the prompt is what a person had, whatever the editor's form beside it says. */
  kept?: true;
  /** Whether values that were submitted with it before are filled in again. */
  remembers: boolean;
}

/** A workflow that was brought and understood. `id` rises with each. */
export interface Loaded extends Origin {
  id: number;
  found: FoundWorkflow;
}

interface State {
  loaded?: Loaded;
  /** What was brought and not understood, and why. */
  refused?: { from: string; message: string };
  /** What is being read. */
  reading?: string;
}

/** Takes what a person brings. What is brought later wins over what is still being read. */
export function useIntake() {
  const [state, setState] = useState<State>({});
  const turn = useRef(0);
  const take = useCallback(async (brought: Brought, origin: Origin) => {
    turn.current += 1;
    const id = turn.current;
    setState((held) => ({ ...held, reading: origin.from }));
    const next = await understand(brought, origin, id);
    if (turn.current === id)
      setState((held) => ({ ...(!next.loaded && held.loaded && { loaded: held.loaded }), ...next }));
  }, []);
  const clear = useCallback(() => {
    turn.current += 1;
    setState({});
  }, []);
  return { ...state, take, clear };
}

async function understand(brought: Brought, origin: Origin, id: number): Promise<State> {
  const refuse = (message: string): State => ({ refused: { from: origin.from, message } });
  try {
    const { readInput } = await import('./read-input.ts');
    const intake = await readInput(brought);
    return intake.ok ? { loaded: { ...origin, id, found: intake.found } } : refuse(intake.message);
  } catch {
    return refuse('It could not be read. Choose it once more; if Podium was updated, reload the page first.');
  }
}

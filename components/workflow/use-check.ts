'use client';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { WorkflowCheck } from '../../lib/protocol/workflows.ts';
import { browserApi, failureLines } from '../hooks/browser-api.ts';

/** How long a person must have stopped editing before the pods are asked again; longer where the question is megabytes. */
const EDITED_FOR_MS = { small: 400, large: 1500 };

export interface Checking {
  /** The newest answer; about an older edit while `busy`. */
  check?: WorkflowCheck;
  busy: boolean;
  /** Why the newest question got no answer. */
  problems: string[];
  again: () => void;
}

/**
 * Asks what the pods make of a workflow: at once, then again after each edit. `workflow` is a new object for each edit,
 * `pods` a text that changes when pods come and go. An answer to an older question is not listened to.
 */
export function useCheck(workflow: Record<string, unknown>, pods: string, size: keyof typeof EDITED_FOR_MS): Checking {
  const [turn, setTurn] = useState(0);
  const question = useMemo(() => ({ workflow, pods, turn }), [workflow, pods, turn]);
  const [held, setHeld] = useState<{ to?: object; check?: WorkflowCheck; problems: string[] }>({ problems: [] });
  const isFirst = useRef(true);
  useEffect(() => {
    let current = true;
    const answered = (answer: { check?: WorkflowCheck; problems: string[] }) => {
      if (current) setHeld((now) => ({ ...now, ...answer, to: question }));
    };
    const ask = async () => {
      isFirst.current = false;
      const api = await browserApi();
      return current ? api.checkWorkflow({ workflow: question.workflow }) : undefined;
    };
    const timer = setTimeout(
      () =>
        void ask().then(
          (check) => check && answered({ check, problems: [] }),
          (error: unknown) => answered({ problems: failureLines(error) }),
        ),
      isFirst.current ? 0 : EDITED_FOR_MS[size],
    );
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [question, size]);
  const again = useCallback(() => setTurn((now) => now + 1), []);
  return { ...(held.check && { check: held.check }), busy: held.to !== question, problems: held.problems, again };
}

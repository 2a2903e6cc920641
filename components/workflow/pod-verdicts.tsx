'use client';
import clsx from 'clsx';
import { ChevronRight, CircleCheck, CircleHelp, CircleX, LoaderCircle, RefreshCw } from 'lucide-react';
import { useMemo } from 'react';
import type { WorkflowProblem } from '../../lib/workflow/preflight/problem.ts';
import { Button } from '../ui/button.tsx';
import { sameVerdicts, type SameVerdict } from './same-verdicts.ts';
import type { Checking } from './use-check.ts';

const FACES = {
  runs: { Icon: CircleCheck, tone: 'text-good' },
  cannot: { Icon: CircleX, tone: 'text-bad' },
  unknown: { Icon: CircleHelp, tone: 'text-warn' },
} as const;
const MAX_LISTED = 20;

export interface ProblemActions {
  /** Shows the node, and the field where the form has one. */
  show: (problem: WorkflowProblem) => void;
  /** Puts the nearest name there is in its place; undefined where the form has no such field. */
  replace: (problem: WorkflowProblem) => (() => void) | undefined;
}

/** Which pods would run it and, where not, why: the whole in a sentence, then pods with their problems, those alike as one. */
export function PodVerdicts({ checking, actions }: { checking: Checking; actions: ProblemActions }) {
  const { check, busy, problems, again } = checking;
  const verdicts = useMemo(() => sameVerdicts(check?.pods ?? []), [check]);
  const [first, ...others] = verdicts;
  const isListed = first !== undefined && (others.length > 0 || first.problems.length > 0);
  const isSaidBelow = problems.length === 0 && isListed && others.length === 0;
  return (
    <section aria-labelledby="verdict" aria-busy={busy} className="grid grid-cols-1 gap-2">
      <div className="flex min-h-8 items-center gap-2">
        <h2 id="verdict" className="font-semibold">
          Pods
        </h2>
        {busy && <LoaderCircle size={14} aria-hidden className="text-muted motion-safe:animate-spin" />}
        <Button tone="quiet" size="small" className="ml-auto" onClick={again} disabled={busy}>
          <RefreshCw size={13} aria-hidden /> Check again
        </Button>
      </div>
      <p
        role="status"
        className={clsx(
          'break-words',
          isSaidBelow && 'sr-only',
          problems.length > 0 && 'text-bad',
          busy && check && 'text-muted',
        )}
      >
        {problems.length > 0 ? problems.slice(0, 5).join(' ') : (check?.sentence ?? 'Asking the pods what they have…')}
      </p>
      {isListed && (
        <ul className="divide-y rounded-lg border bg-surface">
          {verdicts.map((said) => (
            <VerdictLine key={said.podIds.join(' ')} said={said} actions={actions} />
          ))}
        </ul>
      )}
    </section>
  );
}

function VerdictLine({ said, actions }: { said: SameVerdict; actions: ProblemActions }) {
  const { sentence, problems } = said;
  const { Icon, tone } = FACES[said.verdict];
  const head = (
    <>
      <Icon size={15} aria-hidden className={clsx('mt-0.5 shrink-0', tone)} />
      <span className="min-w-0 flex-1 break-words">{sentence}</span>
    </>
  );
  if (problems.length === 0) return <li className="flex gap-2 px-3 py-2">{head}</li>;
  return (
    <li>
      <details className="group">
        <summary className="flex gap-2 px-3 py-2 hover:bg-raised">
          {head}
          <span className="shrink-0 text-xs text-muted">
            {problems.length === 1 ? '1 problem' : `${problems.length} problems`}
          </span>
          <ChevronRight size={15} aria-hidden className="mt-0.5 shrink-0 text-muted group-open:rotate-90" />
        </summary>
        <ul className="grid grid-cols-1 gap-2 px-3 pt-1 pb-3 pl-8">
          {problems.slice(0, MAX_LISTED).map((one) => (
            <ProblemLine
              key={`${one.problem.code} ${one.problem.nodeId} ${one.problem.message}`}
              {...one}
              {...actions}
            />
          ))}
          {problems.length > MAX_LISTED && <li className="text-muted">{problems.length - MAX_LISTED} more.</li>}
        </ul>
      </details>
    </li>
  );
}

function ProblemLine({ problem, on, show, replace: replaceOf }: SameVerdict['problems'][number] & ProblemActions) {
  const replace = replaceOf(problem);
  return (
    <li className="break-words">
      {on.length > 0 && <span className="text-muted">On {on.join(', ')}: </span>}
      {problem.message}
      {problem.pack !== undefined && <span className="text-muted"> It comes with {problem.pack}.</span>}
      <span className="flex flex-wrap gap-x-3 text-xs">
        {problem.nodeId !== undefined && (
          <button type="button" className="font-medium text-accent hover:underline" onClick={() => show(problem)}>
            Show node {problem.nodeId}
          </button>
        )}
        {replace && (
          <button type="button" className="font-medium text-accent hover:underline" onClick={replace}>
            Use {problem.closest}
          </button>
        )}
      </span>
    </li>
  );
}

'use client';
import { CircleX, Play } from 'lucide-react';
import { useId } from 'react';
import { Button } from '../ui/button.tsx';
import { Field, fieldClass } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import type { Verdict } from './check-problems.ts';
import type { SubmitPod } from './workbench.tsx';

/**
 * What the job is called, where it may run, and the button that submits it. The button stays in sight: what is around this
 * must not be a grid, whose cells nothing sticks out of.
 */
export function SubmitBar(props: {
  pods: readonly SubmitPod[];
  name: string;
  onName: (name: string) => void;
  pod: string;
  onPod: (pod: string) => void;
  wait: boolean;
  onWait: (wait: boolean) => void;
  verdict: Verdict;
  sentence: string;
  jobs: number;
  ready: boolean;
  busy: boolean;
  problems: readonly string[];
}) {
  const { pods, verdict, wait, jobs, busy } = props;
  const cannot = verdict.runs === 'cannot';
  const whyId = useId();
  const what = jobs === 1 ? 'job' : `${jobs.toLocaleString('en')} jobs`;
  return (
    <>
      <div className="grid gap-x-4 gap-y-3 border-t pt-4 sm:grid-cols-2">
        <Field label="Name">
          <input
            className={fieldClass}
            value={props.name}
            maxLength={200}
            placeholder="By its text, if left empty"
            onChange={(event) => props.onName(event.target.value)}
          />
        </Field>
        <Field label="Pod">
          <select className={fieldClass} value={props.pod} onChange={(event) => props.onPod(event.target.value)}>
            <option value="">Any pod</option>
            {pods.map((one) => (
              <option key={one.id} value={one.id}>
                {one.state === 'up' ? one.name : `${one.name} (${one.state})`}
              </option>
            ))}
          </select>
        </Field>
      </div>
      {props.problems.length > 0 && (
        <Notice tone="bad" Icon={CircleX} role="alert">
          {props.problems.slice(0, 12).map((line) => (
            <p key={line} className="break-words">
              {line}
            </p>
          ))}
        </Notice>
      )}
      <div className="sticky bottom-0 z-10 -mx-1 flex flex-wrap items-center gap-x-4 gap-y-2 border-t bg-page px-1 py-3 max-sm:fixed max-sm:inset-x-0 max-sm:bottom-14 max-sm:z-20 max-sm:mx-0 max-sm:bg-surface max-sm:p-2">
        {cannot && (
          <label className="flex items-center gap-2 max-sm:basis-full max-sm:px-1">
            <input
              type="checkbox"
              className="size-4 shrink-0 accent-(--color-accent-fill)"
              checked={wait}
              aria-describedby={whyId}
              onChange={(event) => props.onWait(event.target.checked)}
            />
            <span>
              Wait for a pod that can run it
              <span id={whyId} className="sr-only">
                {props.sentence}
              </span>
            </span>
          </label>
        )}
        <Button
          tone="primary"
          type="submit"
          className="ml-auto max-sm:w-full"
          disabled={busy || !props.ready || (cannot && !wait)}
        >
          <Play size={15} aria-hidden />
          {busy ? 'Submitting…' : `Submit ${what}`}
        </Button>
      </div>
    </>
  );
}

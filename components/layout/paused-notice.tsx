'use client';
import { CirclePause, Play } from 'lucide-react';
import type { SystemView } from '../../lib/protocol/system.ts';
import { useSystem, type SystemControl } from '../hooks/use-system.ts';
import { Elapsed } from '../time/time-ago.tsx';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Problem } from '../ui/problem.tsx';

/** Says that queued jobs are given to no pod, since when and why, with the button that ends it. Empty otherwise. */
export function PausedNotice({ first, className }: { first: SystemView | null; className?: string }) {
  return <PausedFace control={useSystem(first)} {...(className !== undefined && { className })} />;
}

/** The same where the page already follows the desk. */
export function PausedFace({ control, className }: { control: SystemControl; className?: string }) {
  const { system, act, busy, problem } = control;
  const dispatch = system?.dispatch;
  return (
    <div role="status" className={dispatch?.paused ? className : 'hidden'}>
      {dispatch?.paused && (
        <Notice tone="warn" Icon={CirclePause} label="Dispatch is paused">
          <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
            <div className="min-w-0">
              <p className="font-semibold">
                Dispatch is paused
                {dispatch.since !== undefined && (
                  <span className="font-normal text-muted" aria-hidden>
                    {' '}
                    for <Elapsed from={dispatch.since} />
                  </span>
                )}
              </p>
              <p className="break-words">
                {dispatch.reason !== undefined && `${stopped(dispatch.reason)} `}Jobs on pods go on; queued ones wait.
              </p>
            </div>
            <Button disabled={busy} onClick={() => void act('resume')}>
              <Play size={15} aria-hidden /> Resume
            </Button>
          </div>
          <Problem text={problem} className="mt-2" />
        </Notice>
      )}
    </div>
  );
}

/** A reason with its full stop. */
function stopped(reason: string): string {
  return /[.!?]$/.test(reason) ? reason : `${reason}.`;
}

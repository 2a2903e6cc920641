'use client';
import { CirclePause } from 'lucide-react';
import type { ReactNode } from 'react';
import type { SystemView } from '../../lib/protocol/system.ts';
import { useSystem } from '../hooks/use-system.ts';
import { Button } from '../ui/button.tsx';
import { Problem } from '../ui/problem.tsx';

/** That a waiting job waits because the dispatch is paused, with the button that ends it; else what is given. */
export function PausedOr({ first, children }: { first: SystemView | null; children?: ReactNode }) {
  const { system, act, busy, problem } = useSystem(first);
  if (!system?.dispatch.paused) return children;
  return (
    <>
      <p className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <span className="flex items-center gap-2 text-warn">
          <CirclePause size={15} aria-hidden className="shrink-0" /> Dispatch is paused: it starts after someone
          resumes.
        </span>
        <Button size="small" disabled={busy} onClick={() => void act('resume')}>
          Resume
        </Button>
      </p>
      <Problem text={problem} />
    </>
  );
}

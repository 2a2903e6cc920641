import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import type { PodView } from '../../lib/protocol/pods.ts';
import { PodBody, type PodProps } from './pod-card.tsx';
import { jobsOnPod } from './pod-jobs.tsx';
import { podSentence } from './pod-sentence.ts';
import { PodStateBadge } from './pod-state.tsx';
import { concernOf } from './pod-trouble.ts';

const GB = 1024 ** 3;

/** A pod that needs nobody, in a line that unfolds. */
export function PodLine(props: PodProps) {
  const { pod, jobs } = props;
  const [open, setOpen] = useState(false);
  return (
    <li className="rounded-lg border bg-surface">
      <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)} className="group/pod">
        <summary className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-2 gap-y-0.5 rounded-lg px-4 py-2 hover:bg-raised md:grid-cols-[auto_minmax(0,2fr)_minmax(0,3fr)_7rem]">
          <ChevronRight size={14} aria-hidden className="text-muted group-open/pod:rotate-90" />
          <h2 className="truncate font-semibold">{pod.name}</h2>
          <span className="justify-self-end">
            <PodStateBadge pod={pod} />
          </span>
          <span className="col-span-2 col-start-2 row-start-2 text-xs text-muted md:col-span-1 md:col-start-3 md:row-start-1">
            {concernOf(pod) === 'calm' ? `${jobsOnPod(jobs)}${vramText(pod)}` : `${podSentence(pod)}.`}
          </span>
        </summary>
        {open && (
          <div className="border-t p-4">
            <PodBody {...props} />
          </div>
        )}
      </details>
    </li>
  );
}

function vramText({ devices }: PodView): string {
  const total = devices.reduce((sum, device) => sum + device.vramTotal, 0);
  const free = devices.reduce((sum, device) => sum + device.vramFree, 0);
  return total > 0 ? ` · VRAM ${((total - free) / GB).toFixed(1)} of ${(total / GB).toFixed(1)} GB` : '';
}

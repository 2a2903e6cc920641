'use client';
import { ChevronDown, type LucideIcon } from 'lucide-react';
import { useId, useRef, useState, type KeyboardEvent } from 'react';
import type { PodView } from '../../lib/protocol/pods.ts';
import { PodStateBadge } from '../pods/pod-state.tsx';
import { Button } from '../ui/button.tsx';

/** A button that opens a list of pods to choose one of; Escape closes it and leads back to the button. */
export function PodMenu({
  Icon,
  label,
  tone,
  pods,
  disabled,
  onChoose,
}: {
  Icon: LucideIcon;
  label: string;
  tone: 'primary' | 'plain';
  pods: readonly PodView[];
  disabled: boolean;
  onChoose: (podId: string) => void;
}) {
  const [open, setOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const list = useId();
  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== 'Escape' || !open) return;
    event.preventDefault();
    setOpen(false);
    opener.current?.focus();
  }
  return (
    <div role="group" aria-label={label} className="contents" onKeyDown={onKeyDown}>
      <Button
        ref={opener}
        tone={tone}
        aria-expanded={open}
        aria-controls={list}
        disabled={disabled}
        onClick={() => setOpen(!open)}
      >
        <Icon size={15} aria-hidden /> {label} <ChevronDown size={14} aria-hidden />
      </Button>
      <ul
        id={list}
        hidden={!open}
        className="order-last max-h-72 w-full overflow-y-auto rounded-md border bg-surface p-1"
      >
        {pods.map((pod) => (
          <li key={pod.id}>
            <button
              type="button"
              disabled={disabled}
              onClick={() => onChoose(pod.id)}
              className="flex min-h-9 w-full items-center justify-between gap-4 rounded px-2 text-left hover:bg-raised max-sm:min-h-11"
            >
              <span className="min-w-0 truncate font-medium">{pod.name}</span>
              <PodStateBadge pod={pod} />
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

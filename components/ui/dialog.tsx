'use client';
import clsx from 'clsx';
import { X } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { Button } from './button.tsx';

/** A modal dialog; the browser keeps the focus inside and closes it on Escape. A press beside it closes it too. */
export function Dialog(props: {
  label: string;
  onClose: () => void;
  /** Called with 1 for the right arrow key and -1 for the left. */
  onStep?: (by: 1 | -1) => void;
  children: ReactNode;
  className?: string;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      aria-label={props.label}
      // In development React opens, closes and opens it at once: it is told of that closing when it is open again.
      onClose={() => !ref.current?.open && props.onClose()}
      onKeyDown={(event) => {
        if (event.key === 'ArrowRight') props.onStep?.(1);
        if (event.key === 'ArrowLeft') props.onStep?.(-1);
      }}
      onClick={(event) => event.target === event.currentTarget && props.onClose()}
      className={clsx(
        'm-auto max-h-[calc(100dvh-2rem)] max-w-[calc(100vw-2rem)] rounded-lg border bg-surface text-ink shadow-xl',
        props.className,
      )}
    >
      <div className="flex items-center justify-between gap-4 border-b py-2 pr-2 pl-4">
        <h2 className="truncate font-semibold">{props.label}</h2>
        <Button tone="quiet" size="icon" aria-label="Close" onClick={props.onClose}>
          <X size={16} aria-hidden />
        </Button>
      </div>
      {props.children}
    </dialog>
  );
}

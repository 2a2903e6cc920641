'use client';
import { FileUp } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import { buttonClass } from '../ui/button.tsx';
import type { Brought } from './read-input.ts';
import { broughtBy } from './use-dropped.ts';

const TYPED_FOR_MS = 300;

/** The place to bring a workflow to: paste, drop or choose. */
export function Start({ onBrought }: { onBrought: (brought: Brought, from: string) => void }) {
  const [text, setText] = useState('');
  const id = useId();
  useEffect(() => {
    if (text.trim() === '') return;
    const timer = setTimeout(() => onBrought({ text }, 'Pasted text'), TYPED_FOR_MS);
    return () => clearTimeout(timer);
  }, [text, onBrought]);
  return (
    <div className="grid gap-3 rounded-lg border border-dashed border-edge bg-surface p-4 sm:p-6">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <FileUp size={28} aria-hidden strokeWidth={1.5} className="text-muted" />
        <div className="min-w-0 flex-1 basis-56">
          <p className="text-base font-semibold">Drop a workflow anywhere on this page</p>
          <p className="text-muted">
            A JSON file from ComfyUI, either form, or a picture, video or sound that ComfyUI saved.
          </p>
        </div>
        <label
          className={buttonClass({
            className:
              'cursor-pointer focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-accent',
          })}
        >
          Choose a file
          <input
            type="file"
            className="sr-only"
            onChange={(event) => {
              const file = event.target.files?.[0];
              if (file) onBrought({ file }, file.name);
              event.target.value = '';
            }}
          />
        </label>
      </div>
      <label htmlFor={id} className="sr-only">
        Paste a workflow
      </label>
      <textarea
        id={id}
        className="h-32 w-full resize-y rounded-md border border-edge bg-page p-3 font-mono text-xs"
        value={text}
        spellCheck={false}
        autoCapitalize="off"
        placeholder="Or paste it here"
        onChange={(event) => setText(event.target.value)}
        // What is pasted is read at once and never shown: megabytes of text in a field make a browser slow.
        onPaste={(event) => {
          const brought = broughtBy(event.clipboardData);
          if (!brought) return;
          event.preventDefault();
          onBrought(...brought);
        }}
      />
    </div>
  );
}

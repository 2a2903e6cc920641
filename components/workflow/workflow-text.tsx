'use client';
import clsx from 'clsx';
import { Upload } from 'lucide-react';
import { useId, useState } from 'react';
import { buttonClass } from '../ui/button.tsx';
import { readFile } from './read-file.ts';

/** The workflow as text: typed, pasted, dropped or chosen as a file. `onProblem` says why a file cannot be used. */
export function WorkflowText(props: {
  text: string;
  onText: (text: string) => void;
  onProblem: (message: string) => void;
}) {
  const [over, setOver] = useState(false);
  const id = useId();
  async function take(file: File | undefined) {
    if (!file) return;
    const read = await readFile(file);
    if (read.ok) props.onText(read.text);
    else props.onProblem(read.message);
  }
  return (
    <div className="grid gap-1">
      <div className="flex items-end justify-between gap-4">
        <label htmlFor={id} className="font-medium">
          Workflow in API form
        </label>
        <label
          className={buttonClass({
            tone: 'quiet',
            size: 'small',
            className:
              'cursor-pointer focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-accent',
          })}
        >
          <Upload size={15} aria-hidden /> Choose a file
          <input
            type="file"
            accept=".json,application/json"
            className="sr-only"
            onChange={(event) => {
              void take(event.target.files?.[0]);
              event.target.value = '';
            }}
          />
        </label>
      </div>
      <textarea
        id={id}
        className={clsx(
          'h-72 w-full resize-y rounded-md border bg-surface p-3 font-mono text-xs max-sm:h-56',
          over ? 'border-accent bg-accent-soft' : 'border-edge',
        )}
        value={props.text}
        spellCheck={false}
        autoCapitalize="off"
        placeholder="Paste JSON or drop a file here. In ComfyUI: Workflow → Export (API)."
        onChange={(event) => props.onText(event.target.value)}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          setOver(false);
          const [file] = event.dataTransfer.files;
          if (!file) return;
          event.preventDefault();
          void take(file);
        }}
      />
    </div>
  );
}

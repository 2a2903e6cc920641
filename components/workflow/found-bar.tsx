'use client';
import { FileSearch, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import type { Loaded } from './use-intake.ts';
import type { UsedForm } from './used-form.ts';

const SOURCES: Record<Loaded['found']['source'], string> = {
  json: '',
  png: 'PNG',
  webp: 'WebP',
  jpeg: 'JPEG',
  avif: 'AVIF',
  mp4: 'MP4',
  webm: 'WebM',
  flac: 'FLAC',
  mp3: 'MP3',
  ogg: 'Ogg',
  svg: 'SVG',
  glb: 'GLB',
  safetensors: 'safetensors',
};

/** What was brought and what was found in it; the way to another. */
export function FoundBar({
  loaded,
  use,
  nodes,
  notes,
  actions,
  onUse,
  onOther,
}: {
  loaded: Loaded;
  use: UsedForm;
  /** How many nodes a pod gets; undefined until that is known. */
  nodes: number | undefined;
  notes: readonly string[];
  /** What else can be done with it. */
  actions: ReactNode;
  onUse: (use: UsedForm) => void;
  onOther: () => void;
}) {
  const { found } = loaded;
  const isOneOfTwo = use !== 'both' && found.editor !== undefined && found.prompt !== undefined;
  const form = use === 'prompt' ? 'API form' : 'the editor’s workflow';
  const facts = [SOURCES[found.source], form, nodes === undefined ? '' : `${countText(nodes)} understood`];
  return (
    <section aria-label="What was found" className="grid gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <FileSearch size={18} aria-hidden className="shrink-0 text-muted" />
        <div className="min-w-40 flex-1">
          <p className="truncate font-semibold" title={loaded.from}>
            {loaded.from}
          </p>
          <p className="text-xs text-muted">{facts.filter(Boolean).join(' · ')}</p>
        </div>
        {actions}
        <Button size="small" onClick={onOther}>
          <X size={14} aria-hidden /> Another workflow
        </Button>
      </div>
      {notes.length > 0 && (
        <ul className="grid gap-1 border-l-2 border-warn/60 pl-3 text-muted">
          {notes.slice(0, 8).map((note) => (
            <li key={note} className="break-words">
              {note}
            </li>
          ))}
        </ul>
      )}
      {isOneOfTwo && (
        <p className="flex flex-wrap items-center gap-2">
          <span className="text-muted">Use</span>
          <select
            aria-label="Which of its forms is used"
            className="h-7 rounded-md border border-edge bg-surface px-2 max-sm:h-10"
            value={use}
            onChange={(event) => onUse(event.target.value === 'prompt' ? 'prompt' : 'editor')}
          >
            <option value="editor">the editor’s workflow</option>
            <option value="prompt">the prompt beside it</option>
          </select>
        </p>
      )}
    </section>
  );
}

export function countText(count: number): string {
  return count === 1 ? '1 node' : `${count.toLocaleString('en')} nodes`;
}

'use client';
import { ChevronRight } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { Prompt } from '../../lib/workflow/prompt.ts';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';

/** A longer text makes an editor of the browser's slow. */
const MAX_EDITED_CHARS = 500_000;

/** The prompt as the pods get it, folded away; edited there, it takes the place of the workflow. */
export function RawJson({ prompt, onText }: { prompt: Prompt; onText: (text: string) => void }) {
  const [open, setOpen] = useState(false);
  return (
    <details className="group border-t pt-3" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="flex items-center gap-1.5 font-medium text-muted hover:text-ink">
        <ChevronRight size={15} aria-hidden className="group-open:rotate-90" /> JSON in API form
      </summary>
      {open && <Editor prompt={prompt} onText={onText} />}
    </details>
  );
}

function Editor({ prompt, onText }: { prompt: Prompt; onText: (text: string) => void }) {
  const text = useMemo(() => JSON.stringify(prompt, null, 2), [prompt]);
  const [edited, setEdited] = useState<string | null>(null);
  if (text.length > MAX_EDITED_CHARS)
    return (
      <p className="mt-2 flex items-center gap-2 text-muted">
        {Math.round(text.length / 1000).toLocaleString('en')},000 characters are too many to edit here.
        <CopyButton text={text} what="the JSON" />
      </p>
    );
  return (
    <div className="mt-2 grid gap-2">
      <textarea
        aria-label="Workflow in API form"
        className="h-72 w-full resize-y rounded-md border border-edge bg-surface p-3 font-mono text-xs max-sm:h-56"
        spellCheck={false}
        autoCapitalize="off"
        value={edited ?? text}
        onChange={(event) => setEdited(event.target.value)}
      />
      <div className="flex gap-2">
        {edited !== null && edited !== text && (
          <>
            <Button size="small" onClick={() => onText(edited)}>
              Use this JSON
            </Button>
            <Button size="small" tone="quiet" onClick={() => setEdited(null)}>
              Undo
            </Button>
          </>
        )}
        <span className="ml-auto">
          <CopyButton text={edited ?? text} what="the JSON" />
        </span>
      </div>
    </div>
  );
}

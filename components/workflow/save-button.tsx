'use client';
import { BookmarkPlus } from 'lucide-react';
import { useState } from 'react';
import type { FormField } from '../../lib/workflow/form/form-field.ts';
import type { Prompt } from '../../lib/workflow/prompt.ts';
import { SaveTemplate } from '../templates/save-template.tsx';
import { Button } from '../ui/button.tsx';

/** Fields of a template are bounded; see `templateContentSchema`. */
const MAX_FIELDS = 200;

/** Keeps the workflow as it is now, with the fields that its form shows, as a template. */
export function SaveButton({
  prompt,
  editor,
  fields,
  name,
}: {
  prompt: Prompt;
  /** As the editor saved it, where it is known. */
  editor: unknown;
  fields: readonly FormField[];
  name: string;
}) {
  const [open, setOpen] = useState(false);
  const [saved, setSaved] = useState('');
  const shown = fields.filter((field) => field.shown).slice(0, MAX_FIELDS);
  return (
    <>
      <Button size="small" tone="quiet" onClick={() => setOpen(true)}>
        <BookmarkPlus size={14} aria-hidden /> Save as template
      </Button>
      <span role="status" className="text-xs text-muted">
        {saved && `Saved as “${saved}”`}
      </span>
      {open && (
        <SaveTemplate
          content={{
            prompt,
            ...(editor !== undefined && { workflow: editor }),
            fields: shown.map(({ key, label }) => ({ key, label: label.slice(0, 200) })),
          }}
          suggestedName={name}
          onSaved={(template) => {
            setSaved(template.name);
            setOpen(false);
          }}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}

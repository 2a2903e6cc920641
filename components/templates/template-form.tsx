'use client';
import { useState } from 'react';
import type { TemplateContent } from '../../lib/protocol/templates.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, fieldClass } from '../ui/field.tsx';
import { Problem } from '../ui/problem.tsx';
import { PictureField } from './picture-field.tsx';

export type TemplateFace = Pick<TemplateContent, 'name' | 'description' | 'thumbnail'>;

/** A dialog for a template's name, description and picture. `onSave` rejects with the sentence that is shown. */
export function TemplateForm(props: {
  label: string;
  first: TemplateFace;
  onSave: (face: TemplateFace) => Promise<void>;
  onClose: () => void;
}) {
  const [face, setFace] = useState(() => faceOf(props.first));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  async function save() {
    setBusy(true);
    setProblem(undefined);
    try {
      await props.onSave({ ...face, name: face.name.trim(), description: face.description.trim() });
    } catch (error) {
      setProblem(error instanceof Error ? error.message : 'It was not saved. Try again.');
      setBusy(false);
    }
  }
  return (
    <Dialog label={props.label} onClose={props.onClose} className="w-md">
      <form
        className="grid gap-4 p-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void save();
        }}
      >
        <Field label="Name">
          <input
            className={fieldClass}
            value={face.name}
            required
            pattern=".*\S.*"
            title="A name with at least one letter"
            maxLength={200}
            onChange={(event) => setFace({ ...face, name: event.target.value })}
          />
        </Field>
        <Field label="Description" hint="What it makes, what it needs. May be left empty.">
          <textarea
            className={`${fieldClass} h-20 resize-y py-1.5 max-sm:h-20`}
            value={face.description}
            maxLength={1000}
            onChange={(event) => setFace({ ...face, description: event.target.value })}
          />
        </Field>
        <PictureField
          value={face.thumbnail}
          onChange={(thumbnail) => {
            const { thumbnail: _, ...rest } = face;
            setFace({ ...rest, ...(thumbnail !== undefined && { thumbnail }) });
          }}
        />
        <Problem text={problem} />
        <div className="flex justify-end gap-2">
          <Button onClick={props.onClose}>Cancel</Button>
          <Button type="submit" tone="primary" disabled={busy}>
            {busy ? 'Saving…' : 'Save'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Nothing but the face of what may be a whole template. */
function faceOf({ name, description, thumbnail }: TemplateFace): TemplateFace {
  return { name, description, ...(thumbnail !== undefined && { thumbnail }) };
}

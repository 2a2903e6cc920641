'use client';
import { useState } from 'react';
import type { TemplateSummary } from '../../lib/protocol/templates.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Problem } from '../ui/problem.tsx';

/** Asks before a template is deleted. `onDelete` rejects with the sentence that is shown. */
export function DeleteTemplate(props: {
  template: TemplateSummary;
  onDelete: () => Promise<void>;
  onClose: () => void;
}) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  async function remove() {
    setBusy(true);
    setProblem(undefined);
    try {
      await props.onDelete();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : 'It was not deleted. Try again.');
      setBusy(false);
    }
  }
  return (
    <Dialog label="Delete this template?" onClose={props.onClose} className="w-md">
      <div className="grid gap-4 p-4">
        <p className="break-words">
          <span className="font-medium">{props.template.name}</span> will be gone for everybody who uses this Podium.
          Jobs that were made with it stay.
        </p>
        <Problem text={problem} />
        <div className="flex justify-end gap-2">
          <Button onClick={props.onClose}>Keep it</Button>
          <Button tone="primary" disabled={busy} onClick={() => void remove()}>
            {busy ? 'Deleting…' : 'Delete'}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

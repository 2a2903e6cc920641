'use client';
import { CirclePause } from 'lucide-react';
import { useState } from 'react';
import type { SystemControl } from '../hooks/use-system.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Problem } from '../ui/problem.tsx';

/** Pauses the dispatch after asking once. Absent while it is paused already, or not known. */
export function PauseButton({ control }: { control: SystemControl }) {
  const { system, act, busy, problem } = control;
  const [asking, setAsking] = useState(false);
  const close = () => setAsking(false);
  async function pause() {
    if (await act('pause')) close();
  }
  if (!system || system.dispatch.paused) return null;
  return (
    <>
      <Button tone="quiet" onClick={() => setAsking(true)}>
        <CirclePause size={15} aria-hidden /> Pause dispatch
      </Button>
      {asking && (
        <Dialog label="Pause dispatch?" className="w-96" onClose={close}>
          <div className="grid gap-4 p-4">
            <p>
              No pod gets a new job until someone resumes, also after a restart. Jobs on pods go on, and new ones are
              accepted and wait.
            </p>
            <Problem text={problem} />
            <div className="flex justify-end gap-2">
              <Button onClick={close}>Keep running</Button>
              <Button tone="primary" disabled={busy} onClick={() => void pause()}>
                Pause
              </Button>
            </div>
          </div>
        </Dialog>
      )}
    </>
  );
}

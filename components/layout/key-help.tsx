'use client';
import { Keyboard } from 'lucide-react';
import { useState } from 'react';
import { useKeys } from '../hooks/use-keys.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Kbd } from '../ui/kbd.tsx';

const KEYS: { keys: string[]; what: string }[] = [
  { keys: ['j', 'k'], what: 'Next and previous job in the list' },
  { keys: ['Enter'], what: 'Open the job' },
  { keys: ['c'], what: 'Cancel the job' },
  { keys: ['r'], what: 'Retry the job' },
  { keys: ['/'], what: 'Search' },
  { keys: ['←', '→'], what: 'Previous and next picture, when one is open' },
  { keys: ['?'], what: 'This list' },
];

/** The list of keys, by its button or by `?`. */
export function KeyHelp() {
  const [open, setOpen] = useState(false);
  useKeys((key) => {
    if (key === '?') setOpen(true);
    return key === '?';
  });
  return (
    <>
      <Button
        tone="quiet"
        size="icon"
        className="max-sm:hidden"
        aria-label="Keyboard"
        title="Keyboard (?)"
        onClick={() => setOpen(true)}
      >
        <Keyboard size={16} aria-hidden />
      </Button>
      {open && (
        <Dialog label="Keyboard" className="w-96" onClose={() => setOpen(false)}>
          <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-2 p-4">
            {KEYS.map(({ keys, what }) => (
              <div key={what} className="contents">
                <dt className="flex gap-1">
                  {keys.map((key) => (
                    <Kbd key={key}>{key}</Kbd>
                  ))}
                </dt>
                <dd>{what}</dd>
              </div>
            ))}
          </dl>
        </Dialog>
      )}
    </>
  );
}

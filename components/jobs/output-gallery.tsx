'use client';
import clsx from 'clsx';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import type { JobOutputView } from '../../lib/protocol/jobs.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { OutputTile } from './output-tile.tsx';

/** All results of a job; pictures open large and are leafed through by arrow keys. */
export function OutputGallery({ outputs }: { outputs: JobOutputView[] }) {
  const [open, setOpen] = useState<number | null>(null);
  return (
    <section
      aria-label="Outputs"
      className={clsx('grid grid-cols-1 items-start gap-3', outputs.length > 1 && 'sm:grid-cols-2')}
    >
      {outputs.map((output) => (
        <OutputTile key={output.index} output={output} onOpen={() => setOpen(output.index)} />
      ))}
      {open !== null && (
        <Lightbox
          pictures={outputs.filter((output) => output.kind === 'image')}
          index={open}
          onIndex={setOpen}
          onClose={() => setOpen(null)}
        />
      )}
    </section>
  );
}

function Lightbox(props: {
  pictures: JobOutputView[];
  index: number;
  onIndex: (index: number) => void;
  onClose: () => void;
}) {
  const place = props.pictures.findIndex((picture) => picture.index === props.index);
  const picture = props.pictures[place];
  if (!picture) return null;
  const step = (by: number) => {
    const next = props.pictures[place + by];
    if (next) props.onIndex(next.index);
  };
  return (
    <Dialog label={picture.filename} onClose={props.onClose} onStep={step}>
      <div className="relative">
        <img
          className="max-h-[calc(100dvh-6rem)] max-w-full object-contain"
          src={picture.url}
          alt={`${picture.nodeName}: ${picture.filename}`}
          width={picture.width}
          height={picture.height}
        />
        {props.pictures.length > 1 && (
          <div className="absolute inset-x-2 bottom-2 flex items-center justify-between">
            <Button aria-label="Previous picture" disabled={place === 0} onClick={() => step(-1)}>
              <ChevronLeft size={16} aria-hidden />
            </Button>
            <span className="rounded bg-surface px-2 py-0.5 text-xs">
              {place + 1} of {props.pictures.length}
            </span>
            <Button aria-label="Next picture" disabled={place === props.pictures.length - 1} onClick={() => step(1)}>
              <ChevronRight size={16} aria-hidden />
            </Button>
          </div>
        )}
      </div>
    </Dialog>
  );
}

'use client';
import Link from 'next/link';
import { useDeferredValue, useMemo, useState, type KeyboardEvent } from 'react';
import type { BatchPlan } from '../../lib/workflow/batch/batch-plan.ts';
import { sheetOf, type SheetPlace } from '../../lib/workflow/batch/sheet-of.ts';
import { useInBrowser } from '../hooks/use-in-browser.ts';
import type { Cells } from './cell-job.ts';
import { cellToward } from './cell-toward.ts';
import { firstPart } from './first-part.ts';
import { SheetCell } from './sheet-cell.tsx';
import { SheetStrip } from './sheet-strip.tsx';
import { SheetTable } from './sheet-table.tsx';

interface SheetProps {
  plan: BatchPlan;
  cells: Cells;
  /** From this place on, jobs are not known yet. */
  readTo: number;
}

/**
 * The results of a batch by its axes. One cell is a stop of the tabulator key, the arrow keys go from cell to cell. The
 * server draws those that it knows; the others follow in the browser, without keeping it from what a person does there.
 */
export function ContactSheet({ plan, cells, readTo }: SheetProps) {
  const [stop, setStop] = useState(0);
  const isWhole = useDeferredValue(useInBrowser());
  const whole = useMemo(() => sheetOf(plan), [plan]);
  const sheet = useMemo(() => (isWhole ? whole : firstPart(whole, readTo)), [isWhole, whole, readTo]);
  const go = (event: KeyboardEvent<HTMLDivElement>) => {
    const next = cellToward(event.key, event.currentTarget);
    if (!next) return;
    event.preventDefault();
    setStop(Number(next.dataset['cell']));
    next.focus();
    next.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  };
  const cellsAt = ({ label, jobs }: SheetPlace) =>
    jobs.map((place, run) => (
      <SheetCell
        key={place}
        place={place}
        job={cells.get(place) ?? (place < readTo ? 'gone' : undefined)}
        label={jobs.length > 1 ? [label, `run ${run + 1}`].filter((part) => part !== '').join(' · ') : label}
        stops={stop === place}
      />
    ));
  return (
    <div role="group" aria-labelledby="sheet" className="grid grid-cols-1 gap-6" onKeyDown={go}>
      {sheet.kind === 'strip' ? (
        <SheetStrip places={sheet.places} cellsAt={cellsAt} />
      ) : (
        sheet.tables.map((table) => (
          <SheetTable key={table.title} {...{ table, cellsAt, rowAxis: sheet.rowAxis, columnAxis: sheet.columnAxis }} />
        ))
      )}
      {readTo < Infinity && (
        <noscript>
          <Link className="text-accent underline" href="?all" prefetch={false}>
            Show all results
          </Link>
        </noscript>
      )}
    </div>
  );
}

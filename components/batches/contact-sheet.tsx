'use client';
import Link from 'next/link';
import { useDeferredValue, useMemo, useState, type KeyboardEvent } from 'react';
import type { BatchPlan } from '../../lib/workflow/batch/batch-plan.ts';
import { sheetOf, type SheetPlace, type SheetTable } from '../../lib/workflow/batch/sheet-of.ts';
import { useInBrowser } from '../hooks/use-in-browser.ts';
import type { Cells } from './cell-job.ts';
import { cellToward } from './cell-toward.ts';
import { firstPart } from './first-part.ts';
import { SheetCell } from './sheet-cell.tsx';

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
        <ul aria-label="Results" className="flex flex-wrap gap-3">
          {sheet.places.map((place) => (
            <li key={place.jobs[0]} className="grid content-start gap-1">
              <span className="flex gap-1">{cellsAt(place)}</span>
              {place.label && (
                <span className="max-w-28 truncate text-xs text-muted max-sm:max-w-24" title={place.label}>
                  {place.label}
                </span>
              )}
            </li>
          ))}
        </ul>
      ) : (
        sheet.tables.map((table) => (
          <Table key={table.title} {...{ table, cellsAt, rowAxis: sheet.rowAxis, columnAxis: sheet.columnAxis }} />
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

function Table(props: {
  table: SheetTable;
  rowAxis: string;
  columnAxis: string;
  cellsAt: (place: SheetPlace) => React.ReactNode;
}) {
  const { table, rowAxis, columnAxis, cellsAt } = props;
  const label = 'max-w-40 px-2 py-1 text-left text-xs font-medium break-words text-muted';
  return (
    <section className="grid grid-cols-1 gap-2">
      {table.title && <h3 className="font-semibold break-words">{table.title}</h3>}
      <div className="overflow-x-auto" role="region" aria-label={table.title || 'Table of results'} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col" className={label}>
                <span className="block">{columnAxis} →</span>
                <span className="block">{rowAxis} ↓</span>
              </th>
              {table.columns.map((column, at) => (
                <th key={at} scope="col" className={label}>
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.map((row) => (
              <tr key={row.places[0]?.jobs[0]}>
                <th scope="row" className={`${label} sticky left-0 z-10 bg-page align-top`}>
                  {row.label}
                </th>
                {row.places.map((place) => (
                  <td key={place.jobs[0]} className="p-1 align-top">
                    <span className="flex gap-1">{cellsAt(place)}</span>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

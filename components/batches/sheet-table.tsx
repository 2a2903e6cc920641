import clsx from 'clsx';
import type { CSSProperties, ReactNode } from 'react';
import type { SheetPlace, SheetTable as Table } from '../../lib/workflow/batch/sheet-of.ts';

/** Letters of the longest label that has a line for itself. */
const MAX_LETTERS = 18;
/** In a table with more columns, cells beyond its edge are passed over too. */
const MANY_COLUMNS = 30;
const LABEL = 'px-2 py-1 text-xs font-medium break-words text-muted';
const ROW = 'grid grid-cols-(--columns)';
const ROW_HEIGHT = '[contain-intrinsic-size:auto_calc(var(--cell)+0.5rem)]';

/**
 * Results by two axes. Not a table element, none of whose rows a browser passes over while they are far from sight; the
 * columns have one width in all rows, so that none depends on another.
 */
export function SheetTable(props: {
  table: Table;
  rowAxis: string;
  columnAxis: string;
  cellsAt: (place: SheetPlace) => ReactNode;
}) {
  const { table, rowAxis, columnAxis, cellsAt } = props;
  const runs = table.rows[0]?.places[0]?.jobs.length ?? 1;
  const letters = Math.max(rowAxis.length, columnAxis.length, ...table.rows.map(({ label }) => label.length)) + 2;
  const isWide = table.columns.length > MANY_COLUMNS;
  const cell = clsx('flex gap-1 p-1', isWide && `${ROW_HEIGHT} [content-visibility:auto]`);
  const columns = {
    '--columns': `calc(${Math.min(letters, MAX_LETTERS)}ch + 1rem) repeat(${table.columns.length}, calc(${runs} * (var(--cell) + 0.25rem) + 0.25rem))`,
  } as CSSProperties;
  return (
    <section className="grid grid-cols-1 gap-2">
      {table.title && <h3 className="font-semibold break-words">{table.title}</h3>}
      <div className="overflow-x-auto" role="region" aria-label={table.title || 'Table of results'} tabIndex={0}>
        <div role="table" className="grid w-max [--cell:7rem] max-sm:[--cell:6rem]" style={columns}>
          <div role="row" className={ROW}>
            <span role="columnheader" className={LABEL}>
              <span className="block">{columnAxis} →</span>
              <span className="block">{rowAxis} ↓</span>
            </span>
            {table.columns.map((column, at) => (
              <span key={at} role="columnheader" className={LABEL}>
                {column}
              </span>
            ))}
          </div>
          {table.rows.map((row) => (
            <div role="row" key={row.places[0]?.jobs[0]} className={`${ROW} ${ROW_HEIGHT} [content-visibility:auto]`}>
              <span role="rowheader" className={`${LABEL} sticky left-0 z-10 bg-page`}>
                {row.label}
              </span>
              {row.places.map((place) => (
                <span role="cell" key={place.jobs[0]} className={cell}>
                  {cellsAt(place)}
                </span>
              ))}
            </div>
          ))}
        </div>
      </div>
    </section>
  );
}

import type { Sheet, SheetPlace } from '../../lib/workflow/batch/sheet-of.ts';

/** The part of a sheet with the jobs at places below `end`; the whole where that is beyond the last. */
export function firstPart(sheet: Sheet, end: number): Sheet {
  if (sheet.kind === 'strip') return { ...sheet, places: below(sheet.places, end) };
  const tables = sheet.tables.flatMap((table) => {
    const rows = table.rows.flatMap(({ label, places }) => {
      const kept = below(places, end);
      return kept.length > 0 ? [{ label, places: kept }] : [];
    });
    const columns = table.columns.slice(0, rows[0]?.places.length);
    return rows.length > 0 ? [{ ...table, columns, rows }] : [];
  });
  return { ...sheet, tables };
}

function below(places: readonly SheetPlace[], end: number): SheetPlace[] {
  return places.flatMap(({ label, jobs }) => {
    const kept = jobs.filter((place) => place < end);
    return kept.length > 0 ? [{ label, jobs: kept }] : [];
  });
}

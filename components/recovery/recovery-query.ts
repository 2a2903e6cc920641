/** Rows of a recovery that are there at once. */
export const ROWS_AT_FIRST = 10;
/** What the page of all recoveries asks the API for. */
export const RECOVERIES_SHOWN = { limit: 50, jobs: ROWS_AT_FIRST };
/** What the jobs page asks for: enough to find one that found something. */
export const RECOVERIES_TOLD = { limit: 10, jobs: 0 };

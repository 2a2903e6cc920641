import { existsSync, readFileSync } from 'node:fs';

/** @typedef {{passed: number, failed: number, skipped: number}} Count */

/**
 * Counts one runner's JSON report. A file that could not be loaded ran no test and counts as one failure.
 * @param {any} report of vitest or of Playwright
 * @returns {Count}
 */
export function countReport(report) {
  if (report.stats) {
    const { expected, unexpected, flaky, skipped } = report.stats;
    return { passed: expected, failed: unexpected + flaky + report.errors.length, skipped };
  }
  const unloaded = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** @returns {{count: Count, missing: string[]}} the sum, and the reports that no runner has written */
export function countReports(files) {
  const count = { passed: 0, failed: 0, skipped: 0 };
  const missing = files.filter((file) => !existsSync(file));
  for (const file of files.filter((name) => existsSync(name))) {
    const one = countReport(JSON.parse(readFileSync(file, 'utf8')));
    for (const key of Object.keys(count)) count[key] += one[key];
  }
  return { count, missing };
}

/** The line that closes a run. */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/**
 * Whether a whole run is good: every step ended well, every runner left its report, something ran and nothing failed.
 * @param {{count: Count, missing: string[]}} counted
 * @param {string[]} failedSteps
 */
export function isGood({ count, missing }, failedSteps) {
  return failedSteps.length === 0 && missing.length === 0 && count.failed === 0 && count.passed > 0;
}

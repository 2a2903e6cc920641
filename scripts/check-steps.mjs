import { tool } from './run-command.mjs';
import { plainEnvironment } from './settings.mjs';

/** Where a test runner leaves its own count. */
export const REPORTS = { unit: 'reports/unit.json', integration: 'reports/integration.json', e2e: 'reports/e2e.json' };

export const vitest = (project) => [
  ...tool('vitest'),
  'run',
  '--project',
  project,
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${REPORTS[project]}`,
  // These tests wait more than they compute, so that two files at a time end sooner on two cores as well.
  ...(project === 'integration' ? ['--maxWorkers=2'] : []),
];

/** The longest first, so that two at a time end together. */
export function checkSteps() {
  const env = plainEnvironment();
  return [
    { name: 'types', command: [...tool('tsc'), '--noEmit', '-p', '.'] },
    { name: 'unit tests', command: vitest('unit') },
    { name: 'unused code', command: [...tool('knip'), '--no-progress'] },
    { name: 'format', command: [...tool('prettier'), '--check', '--log-level=warn', '.'] },
    { name: 'lint', command: [...tool('oxlint'), '--deny-warnings'] },
  ].map((step) => ({ ...step, env, quiet: true, timeoutMs: 300_000 }));
}

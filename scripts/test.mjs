/** Everything: check, build, integration and end-to-end tests. Ends with the runners' own counts, added up. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkSteps, REPORTS, vitest } from './check-steps.mjs';
import { closingLine, countReports, isGood } from './count-tests.mjs';
import { main, ROOT, say, seconds, tool } from './run-command.mjs';
import { plainEnvironment } from './settings.mjs';
import { runSteps } from './steps.mjs';

await main(async () => {
  const started = Date.now();
  rmSync(join(ROOT, 'reports'), { recursive: true, force: true });
  mkdirSync(join(ROOT, 'reports'));
  const env = plainEnvironment();

  const failed = await runSteps(checkSteps(), 2);
  failed.push(
    ...(await runSteps([
      { name: 'build', command: [process.execPath, 'scripts/prepare.mjs', 'build'], env, timeoutMs: 300_000 },
      { name: 'integration tests', command: vitest('integration'), env, timeoutMs: 900_000 },
      {
        name: 'end-to-end tests',
        command: [...tool('playwright'), 'test'],
        env,
        timeoutMs: 600_000,
      },
    ])),
  );

  const counted = countReports(Object.values(REPORTS).map((file) => join(ROOT, file)));
  if (failed.length > 0) say(`\nFailed: ${failed.join(', ')}.`);
  if (counted.missing.length > 0) say(`No report from: ${counted.missing.join(', ')}.`);
  say(`\nTook ${seconds(Date.now() - started)} in all.`);
  say(closingLine(counted.count));
  process.exitCode = isGood(counted, failed) ? 0 : 1;
});

/** Format, lint, types, unused code and unit tests: the quick half of `npm test`. */
import { main, say, seconds } from './run-command.mjs';
import { checkSteps } from './check-steps.mjs';
import { runSteps } from './steps.mjs';

await main(async () => {
  const started = Date.now();
  const failed = await runSteps(checkSteps(), 2);
  say(failed.length === 0 ? `All is well (${seconds(Date.now() - started)}).` : `Failed: ${failed.join(', ')}.`);
  process.exitCode = failed.length === 0 ? 0 : 1;
});

/** Brings about what a command needs: any of `install`, `build`, `chromium`, in the order given. */
import { nodeProblem } from './check-node.mjs';
import { ensureBuilt } from './ensure-built.mjs';
import { ensureChromium } from './ensure-chromium.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { main, Refusal } from './run-command.mjs';

const STEPS = { install: ensureInstalled, build: ensureBuilt, chromium: ensureChromium };

await main(async () => {
  const problem = nodeProblem(process.versions.node);
  if (problem) throw new Refusal(problem);
  for (const name of process.argv.slice(2)) await STEPS[name]();
});

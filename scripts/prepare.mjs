/** Brings about what a command needs: any of `install`, `server`, `build`, `chromium`, `redis`, in the order given. */
import { nodeProblem } from './check-node.mjs';
import { ensureBuilt, ensureServerBuilt } from './ensure-built.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { ensureChromium, ensureRedis } from './ensure-programs.mjs';
import { main, Refusal } from './run-command.mjs';

const STEPS = {
  install: ensureInstalled,
  server: ensureServerBuilt,
  build: ensureBuilt,
  chromium: ensureChromium,
  redis: ensureRedis,
};

await main(async () => {
  const problem = nodeProblem(process.versions.node);
  if (problem) throw new Refusal(problem);
  for (const name of process.argv.slice(2)) await STEPS[name]();
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal, ROOT, run, say, seconds } from './run-command.mjs';

function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(join(ROOT, file), 'utf8')).packages ?? {};
  } catch {
    return {};
  }
}

/**
 * Why the installed packages are not those of the lock file, or undefined where they are.
 * Optional packages may be missing: they are for other platforms.
 */
export function installProblem(locked, installed) {
  if (Object.keys(installed).length === 0) return 'nothing is installed yet';
  for (const [path, entry] of Object.entries(locked)) {
    if (path === '' || entry.link) continue;
    const found = installed[path];
    if (!found && !entry.optional && !entry.devOptional && !entry.peer) return `${path} is missing`;
    if (found && found.version !== entry.version) return `${path} is ${found.version} instead of ${entry.version}`;
  }
  const stranger = Object.keys(installed).find((path) => !(path in locked));
  return stranger && `${stranger} is not in package-lock.json`;
}

/** A binary built for another Node loads only there; this notices a change of Node. */
async function nativeProblem() {
  const { code } = await run([process.execPath, '-e', "new (require('better-sqlite3'))(':memory:').close()"], {
    quiet: true,
  });
  return code === 0 ? undefined : `better-sqlite3 was not built for Node ${process.versions.node}`;
}

/** Installs what package-lock.json names, where that is not what stands in node_modules. */
export async function ensureInstalled() {
  const why =
    installProblem(packagesIn('package-lock.json'), packagesIn('node_modules/.package-lock.json')) ??
    (await nativeProblem());
  if (!why) return;
  say(`Installing packages (${why}); better-sqlite3 may be compiled, which takes about a minute.`);
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const { code, ms } = await run([npm, 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
  if (code !== 0)
    throw new Refusal(
      'The packages could not be installed, as said above: check the network; where better-sqlite3 has to be compiled, python3, make and g++ are needed too.',
    );
  const still = await nativeProblem();
  if (still) throw new Refusal(`Packages are installed, but ${still}: remove node_modules and start again.`);
  say(`Packages are installed (${seconds(ms)}).`);
}

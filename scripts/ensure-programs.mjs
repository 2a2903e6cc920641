import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Refusal, run, say, seconds } from './run-command.mjs';

/** Where the end-to-end tests look for their browser. */
const CHROMIUM = '/usr/bin/chromium';

/** Installs the system's Chromium where it is missing. */
export async function ensureChromium() {
  await ensureProgram({
    name: 'Chromium',
    use: 'the end-to-end tests',
    packages: ['chromium', 'fonts-liberation'],
    place: `at ${CHROMIUM}`,
    isThere: () => existsSync(CHROMIUM),
  });
}

/** Installs a Redis where there is none to be found; tests start one of their own, wherever another may run. */
export async function ensureRedis() {
  await ensureProgram({
    name: 'redis-server',
    use: 'the tests',
    packages: ['redis-server'],
    place: 'in the PATH',
    isThere: () => (process.env.PATH ?? '').split(delimiter).some((dir) => existsSync(join(dir, 'redis-server'))),
  });
}

async function ensureProgram({ name, use, packages, place, isThere }) {
  if (isThere()) return;
  if (!existsSync('/usr/bin/apt-get'))
    throw new Refusal(`For ${use}, ${name} is needed ${place}, and this system has no apt-get: install it by hand.`);
  const isRoot = process.getuid?.() === 0;
  const asRoot = isRoot ? [] : ['sudo', '-n'];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  say(`Installing ${name} for ${use} with apt-get.`);
  const update = await run([...asRoot, 'apt-get', 'update', '-qq'], { env });
  const install =
    update.code === 0
      ? await run([...asRoot, 'apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...packages], { env })
      : update;
  if (install.code !== 0 || !isThere())
    throw new Refusal(
      `${name} could not be installed, as said above: run "apt-get install ${packages.join(' ')}" as root.`,
    );
  say(`${name} is installed (${seconds(update.ms + install.ms)}).`);
}

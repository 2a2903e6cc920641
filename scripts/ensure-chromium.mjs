import { existsSync } from 'node:fs';
import { Refusal, run, say, seconds } from './run-command.mjs';

/** Where the end-to-end tests look for their browser. */
const CHROMIUM = '/usr/bin/chromium';
const PACKAGES = ['chromium', 'fonts-liberation'];

/** Installs the system's Chromium where it is missing. */
export async function ensureChromium() {
  if (existsSync(CHROMIUM)) return;
  if (!existsSync('/usr/bin/apt-get'))
    throw new Refusal(
      `The end-to-end tests need Chromium at ${CHROMIUM}, and this system has no apt-get: install it there by hand.`,
    );
  const isRoot = process.getuid?.() === 0;
  const asRoot = isRoot ? [] : ['sudo', '-n'];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  say('Installing Chromium for the end-to-end tests with apt-get.');
  const update = await run([...asRoot, 'apt-get', 'update', '-qq'], { env });
  const install =
    update.code === 0
      ? await run([...asRoot, 'apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...PACKAGES], { env })
      : update;
  if (install.code !== 0 || !existsSync(CHROMIUM))
    throw new Refusal(
      `Chromium could not be installed, as said above: run "apt-get install ${PACKAGES.join(' ')}" as root.`,
    );
  say(`Chromium is installed (${seconds(update.ms + install.ms)}).`);
}

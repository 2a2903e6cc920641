import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Refusal, ROOT, run, say, seconds, tool } from './run-command.mjs';

const PAGES = {
  what: 'pages',
  sources: ['app', 'components', 'lib', 'public', 'next.config.js', 'postcss.config.mjs'],
  proof: '.next/BUILD_ID',
  stamp: '.next/podium-sources',
  command: [...tool('next'), 'build'],
};
const SERVER = {
  what: 'server',
  sources: ['server', 'lib', 'tsconfig.build.json'],
  proof: 'dist/server/index.js',
  stamp: 'dist/podium-sources',
  command: [...tool('tsc'), '-p', 'tsconfig.build.json'],
  clean: 'dist',
};
const SHARED = ['package.json', 'package-lock.json', 'tsconfig.json'];
const LOCK = 'node_modules/.podium-building';

function* filesUnder(path, root) {
  const full = join(root, path);
  if (!existsSync(full)) return;
  if (!statSync(full).isDirectory()) yield path;
  else for (const name of readdirSync(full).sort()) yield* filesUnder(`${path}/${name}`, root);
}

/** One hash over names and contents of all that a build is made from; tests are no part of it. */
export function sourceHash(sources, root = ROOT) {
  const hash = createHash('sha256');
  for (const source of sources)
    for (const path of filesUnder(source, root)) {
      if (/\.test\.tsx?$/.test(path)) continue;
      hash
        .update(`${path}\0`)
        .update(readFileSync(join(root, path)))
        .update('\0');
    }
  return hash.digest('hex');
}

function isFresh(part, hash) {
  const stamp = join(ROOT, part.stamp);
  return existsSync(join(ROOT, part.proof)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** One build at a time; the lock of a process that is gone does not count. */
async function locked(body) {
  const lock = join(ROOT, LOCK);
  mkdirSync(dirname(lock), { recursive: true });
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const owner = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : 0;
      if (owner > 0 && !isAlive(owner)) rmSync(lock, { force: true });
      else await delay(200);
    }
  }
  try {
    await body();
  } finally {
    rmSync(lock, { force: true });
  }
}

async function ensurePart(part) {
  const hash = sourceHash([...part.sources, ...SHARED]);
  if (isFresh(part, hash)) return;
  say(`Building the ${part.what} (new or changed sources).`);
  if (part.clean) rmSync(join(ROOT, part.clean), { recursive: true, force: true });
  const env = { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' };
  const { code, ms } = await run(part.command, { env });
  if (code !== 0) throw new Refusal(`The ${part.what} could not be built, as said above.`);
  writeFileSync(join(ROOT, part.stamp), hash);
  say(`Built the ${part.what} (${seconds(ms)}).`);
}

/** Compiles server and library to `dist` where their sources differ from those of the last build. */
export const ensureServerBuilt = () => locked(() => ensurePart(SERVER));

/** The same for pages and server. */
export async function ensureBuilt() {
  await ensureServerBuilt();
  await locked(() => ensurePart(PAGES));
}

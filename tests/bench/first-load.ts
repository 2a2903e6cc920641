import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readConfig } from '../../server/config.ts';
import { createServer } from '../../server/create-server.ts';
import { waitUntil } from '../support/wait-until.ts';
import { freePort } from '../support/free-port.ts';

/** Gzipped bytes of all scripts that a page's first HTML names. */
async function scriptBytes(pageUrl: string): Promise<number> {
  const html = await (await fetch(pageUrl)).text();
  const sources = new Set([...html.matchAll(/<script[^>]+src="([^"]+)"/g)].map((match) => match[1] ?? ''));
  let bytes = 0;
  for (const source of sources) {
    const script = await fetch(new URL(source, pageUrl), { headers: { 'accept-encoding': 'identity' } });
    bytes += gzipSync(Buffer.from(await script.arrayBuffer())).length;
  }
  if (bytes === 0) throw new Error(`${pageUrl} names no scripts`);
  return bytes;
}

/** First-load JavaScript of the job list and of an empty page built by the same Next, in bytes, gzipped. */
export async function firstLoadBytes(): Promise<{ jobs: number; empty: number }> {
  const root = resolve(import.meta.dirname, '../..');
  // Inside the project, where the bundler finds the same Next; `.data` is no part of the source.
  mkdirSync(join(root, '.data'), { recursive: true });
  const dir = mkdtempSync(join(root, '.data/empty-page-'));
  mkdirSync(join(dir, 'app'));
  writeFileSync(join(dir, 'package.json'), '{"type":"module","private":true}');
  writeFileSync(
    join(dir, 'app/layout.jsx'),
    'export default ({ children }) => <html lang="en"><body>{children}</body></html>;',
  );
  writeFileSync(join(dir, 'app/page.jsx'), 'export default () => <p>Empty</p>;');
  writeFileSync(join(dir, 'next.config.js'), `export default { turbopack: { root: ${JSON.stringify(root)} } };`);
  const env = { ...process.env, NODE_ENV: 'production' as const, NEXT_TELEMETRY_DISABLED: '1' };
  const next = join(root, 'node_modules/next/dist/bin/next');
  execFileSync(process.execPath, [next, 'build', dir], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const port = await freePort();
  const child = spawn(process.execPath, [next, 'start', dir, '-p', String(port), '-H', '127.0.0.1'], { env });
  const podium = await createServer({ ...readConfig({ PORT: '0', LOG_LEVEL: 'silent' }), dataDir: join(dir, 'data') });
  await podium.start();
  try {
    const emptyUrl = `http://127.0.0.1:${port}/`;
    await waitUntil(
      () =>
        fetch(emptyUrl)
          .then((answer) => answer.ok)
          .catch(() => false),
      'the empty page is served',
    );
    return { jobs: await scriptBytes(`${podium.url}/`), empty: await scriptBytes(emptyUrl) };
  } finally {
    await podium.close();
    child.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  }
}

import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { nodeProblem } from '../../scripts/check-node.mjs';
import { closingLine, countReports, isGood } from '../../scripts/count-tests.mjs';
import { sourceHash } from '../../scripts/ensure-built.mjs';
import { installProblem } from '../../scripts/ensure-installed.mjs';
import { plainEnvironment, SETTINGS } from '../../scripts/settings.mjs';
import { readConfig } from '../../server/config.ts';
import { buildAll, ROOT, runScript } from '../support/build-server.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'podium-house-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function plant(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
}

describe('the version of Node', () => {
  it.each(['18.20.4', '20.18.9', '16.0.0', '0.12.18'])('B186 refuses %s in one sentence', (version) => {
    expect(nodeProblem(version)).toMatch(
      new RegExp(`^Podium needs Node 20\\.19 or newer, and this is Node ${version}: .*\\.$`),
    );
  });

  it.each(['20.19.0', '20.20.2', '22.0.0', '24.1.0'])('B186 takes %s', (version) => {
    expect(nodeProblem(version)).toBeUndefined();
  });
});

describe('what commands bring about', () => {
  beforeAll(buildAll, 300_000);

  it('B189 does nothing and says nothing the second time', async () => {
    expect(await runScript('prepare.mjs', ['install', 'build'])).toEqual({ code: 0, output: '' });
  });

  it('B189 builds again when a source changes, comes or goes, and not for a test', () => {
    const hash = () => sourceHash(['server', 'lib', 'next.config.js'], `${dir}/`);
    plant({ 'server/index.ts': 'one', 'lib/a.ts': '' });
    const before = hash();
    plant({ 'server/index.test.ts': 'a test', 'app/page.tsx': 'another part' });
    expect(hash()).toBe(before);
    plant({ 'lib/b.ts': '' });
    const grown = hash();
    plant({ 'server/index.ts': 'two' });
    expect(new Set([before, grown, hash()]).size).toBe(3);
  });

  it('B189 installs when a package is missing, of another version or unknown, and not for another platform’s', () => {
    const entry = (version: string, optional = false) => ({ version, ...(optional && { optional }) });
    const locked = { '': {}, 'node_modules/a': entry('1.0.0'), 'node_modules/mac-only': entry('1.0.0', true) };
    expect(installProblem(locked, {})).toBe('nothing is installed yet');
    expect(installProblem(locked, { 'node_modules/a': entry('1.0.0') })).toBeUndefined();
    expect(installProblem(locked, { 'node_modules/a': entry('1.0.1') })).toContain('1.0.1 instead of 1.0.0');
    expect(installProblem(locked, { 'node_modules/mac-only': entry('1.0.0') })).toBe('node_modules/a is missing');
    expect(installProblem(locked, { 'node_modules/a': entry('1.0.0'), 'node_modules/b': entry('1') })).toContain(
      'b is',
    );
  });
});

describe('the count of a test run', () => {
  const report = (name: string) => join(dir, `${name}.json`);
  const runner = (program: string, args: string[]) =>
    new Promise<void>((resolve) => {
      const env = { ...plainEnvironment(), PLAYWRIGHT_JSON_OUTPUT_FILE: report('e2e') };
      execFile(join(ROOT, 'node_modules/.bin', program), args, { cwd: dir, env }, () => resolve());
    });
  const vitest = () =>
    runner('vitest', [
      'run',
      '--root',
      dir,
      '--reporter=json',
      `--outputFile=${report('unit')}`,
      '--config',
      'vitest.js',
    ]);

  beforeEach(() => {
    symlinkSync(join(ROOT, 'node_modules'), join(dir, 'node_modules'));
    plant({
      'package.json': '{"type":"module"}',
      'vitest.js': 'export default { test: { globals: true, include: ["unit/**"] } };',
    });
  });

  it('B190 adds up what both runners report: passed, failed, and files that could not be loaded', async () => {
    plant({
      'unit/good.test.js': "it('a', () => {}); it('b', () => {});",
      'unit/bad.test.js': "it('c', () => { throw new Error('no'); });",
      'unit/broken.test.js': "import './is-not-there.js';",
      'playwright.config.js': "export default { testDir: 'e2e', reporter: 'json' };",
      'e2e/pages.spec.js':
        "import { test } from '@playwright/test'; test('d', () => {}); test('e', () => { throw new Error('no'); });",
    });
    await Promise.all([vitest(), runner('playwright', ['test'])]);
    const counted = countReports([report('unit'), report('e2e')]);
    expect(counted).toEqual({ count: { passed: 3, failed: 3, skipped: 0 }, missing: [] });
    expect(closingLine(counted.count)).toBe('3 passed, 3 failed');
    expect(isGood(counted, [])).toBe(false);
  });

  it('B190 is good only where tests ran, none failed, every step ended well and every report is there', async () => {
    plant({ 'unit/good.test.js': "it('a', () => {});" });
    await vitest();
    const good = countReports([report('unit')]);
    expect(closingLine(good.count)).toBe('1 passed, 0 failed');
    expect(isGood(good, [])).toBe(true);
    expect(isGood(good, ['lint'])).toBe(false);
    expect(isGood(countReports([report('unit'), report('e2e')]), [])).toBe(false);
    expect(isGood(countReports([]), [])).toBe(false);
  });
});

describe('the documents', () => {
  it('link only to files that are there', () => {
    const documents = ['README.md', 'CONTRIBUTING.md', 'docs/architecture.md', 'docs/behaviour.md'];
    const missing = documents.flatMap((file) => {
      const links = [...readFileSync(join(ROOT, file), 'utf8').matchAll(/\]\(([^)#]+)\)/g)].map(
        (match) => match[1] ?? '',
      );
      return links.filter((link) => !/^https?:/.test(link) && !existsSync(join(ROOT, dirname(file), link)));
    });
    expect(missing).toEqual([]);
  });
});

describe('settings', () => {
  const readByProgram = () => {
    const names = new Set<string>();
    readConfig(
      new Proxy<Record<string, string | undefined>>(
        {},
        {
          get: (_none, name) => {
            if (typeof name === 'string') names.add(name);
            return undefined;
          },
        },
      ),
    );
    return [...names].filter((name) => name !== 'NODE_ENV').sort();
  };

  it('B191 stand in the README’s table, all that the program reads and no other', () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const table = [...readme.matchAll(/^\| `([A-Z_]+)`/gm)].map((match) => match[1]);
    expect(table.toSorted()).toEqual(SETTINGS.toSorted());
    expect(readByProgram()).toEqual(SETTINGS.toSorted());
  });

  it('of the shell do not reach the tests', () => {
    expect(plainEnvironment({ PATH: '/bin', PORT: '1', NODE_ENV: 'production', REDIS_URL: 'x' })).toEqual({
      PATH: '/bin',
    });
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/build-server.ts';

const PLACES = ['app', 'components', 'lib', 'server', 'scripts', 'tests'];

/** Rule numbers at the beginning of a test's title, by file. */
function citations(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const place of PLACES)
    for (const entry of readdirSync(join(ROOT, place), { recursive: true, withFileTypes: true })) {
      const file = join(entry.parentPath, entry.name);
      // Suites that run on several subjects keep their tests in plain files under tests/.
      const holdsTests = place === 'tests' ? /\.ts$/ : /\.test\.tsx?$/;
      if (!entry.isFile() || !holdsTests.test(entry.name)) continue;
      for (const [title] of readFileSync(file, 'utf8').matchAll(/(?<=['"`])B\d+\b[^'"`\n]*/g))
        for (const [id] of title.matchAll(/\bB\d+\b/g)) found.set(id, (found.get(id) ?? new Set()).add(file));
    }
  return found;
}

describe('docs/behaviour.md', () => {
  const page = readFileSync(join(ROOT, 'docs/behaviour.md'), 'utf8');
  const sections = page.split(/^## /m).slice(1);
  const rules = [...page.matchAll(/^- \*\*(B\d+)\*\* /gm)].map((match) => match[1] ?? '');

  it('B192 uses no number twice', () => {
    expect(rules.filter((id, index) => rules.indexOf(id) !== index)).toEqual([]);
  });

  it('B192 keeps every rule in the range of its section', () => {
    const strays = sections.flatMap((section) => {
      const [, from, to] = /\(B(\d+)–B(\d+)\)/.exec(section) ?? [];
      const numbers = [...section.matchAll(/^- \*\*B(\d+)\*\* /gm)].map((match) => Number(match[1]));
      return numbers.filter((number) => number < Number(from) || number > Number(to));
    });
    expect(strays).toEqual([]);
  });

  it('B192 has a test for every rule', () => {
    const cited = citations();
    expect(rules.filter((id) => !cited.has(id))).toEqual([]);
  });

  it('B192 holds every rule that a test names', () => {
    const unknown = [...citations()].filter(([id]) => !rules.includes(id)).map(([id, files]) => [id, ...files]);
    expect(unknown).toEqual([]);
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { goldenObjectInfo } from '../../../tests/support/golden.ts';
import { readCatalog } from '../catalog/node-catalog.ts';
import { readEditorWorkflow } from '../editor/editor-workflow.ts';
import { convertWorkflow } from './convert-workflow.ts';

interface Pair {
  name: string;
  /** The one that made the group nodes and exported the prompt. */
  frontend: string;
  ui: unknown;
  api: unknown;
}

/** Graphs made by seed, grouped and exported by ComfyUI's own frontends, with the classes of the golden set. */
const pairs = readFileSync(new URL('group-pairs.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line): Pair => JSON.parse(line));

describe('group nodes made by ComfyUI’s frontends', () => {
  const catalog = readCatalog(JSON.parse(goldenObjectInfo()));

  it.each(pairs)('B443: come to what frontend $frontend exports, $name', ({ ui, api }) => {
    const read = readEditorWorkflow(ui);
    if (!read.ok) throw new Error(read.message);
    const { prompt, unknown, notes } = convertWorkflow(read.workflow, catalog);
    expect(JSON.parse(JSON.stringify(prompt))).toEqual(api);
    expect([unknown, notes]).toEqual([[], []]);
  });
});

import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readCatalog } from '../../lib/workflow/catalog/node-catalog.ts';
import { preflight } from '../../lib/workflow/preflight/preflight.ts';
import { promptSchema, type Prompt } from '../../lib/workflow/prompt.ts';
import { parseTolerant } from '../conformance/python-literals.ts';
import { comparable, ownJudgement, podJudgement } from '../conformance/preflight-judgement.ts';
import { readRecording, readTape } from '../conformance/tape.ts';
import { goldenObjectInfo, goldenPairs } from '../support/golden.ts';

const bodySchema = z.object({ prompt: promptSchema });

/** What was posted and answered where the body held a prompt that could be read at all. */
function recorded(version: '0.3.64' | '0.8.0', tape: string): { prompt: Prompt; status: number; json: unknown }[] {
  return readTape(version, tape).flatMap((row) => {
    if (row.kind !== 'http' || row.path !== '/prompt') return [];
    const { data } = bodySchema.safeParse(row.requestBody);
    return data ? [{ ...data, status: row.status ?? 0, json: parseTolerant(row.body ?? '') }] : [];
  });
}

describe.each(['0.3.64', '0.8.0'] as const)('prompts that a real pod (%s) judged', (version) => {
  const catalog = readCatalog(readRecording(version, 'object_info.json'));

  it.each(['rejected', 'partial', 'success', 'expansion', 'lazy', 'media'])(
    'B370 of the recording %s are judged as the pod did, node by node',
    (tape) => {
      const rows = recorded(version, tape);
      expect(rows.length).toBeGreaterThan(tape === 'rejected' ? 10 : 0);
      for (const { prompt, ...answer } of rows) {
        const { pod, own } = comparable(podJudgement(answer), ownJudgement(prompt, catalog));
        expect(own, JSON.stringify(prompt)).toEqual(pod);
      }
    },
  );
});

describe('published workflows, as ComfyUI’s frontend exported them for a pod without models', () => {
  const catalog = readCatalog(JSON.parse(goldenObjectInfo()));
  // Some of those with unknown classes are exported without them.
  const exported = goldenPairs().flatMap(({ name, api }) => {
    const { data } = promptSchema.safeParse(JSON.parse(api));
    return data ? [{ name, prompt: data }] : [];
  });

  it('B370 lack models, files and classes on it, and nothing else is wrong with them', () => {
    const published = exported.filter(({ name }) => name.endsWith('.plain'));
    expect(published.length).toBeGreaterThan(50);
    const others = published.flatMap(({ name, prompt }) =>
      preflight(prompt, catalog)
        .problems.filter(({ missing }) => !missing)
        .map(({ code, nodeId, input }) => `${name}: ${code} ${nodeId} ${input}`),
    );
    // Published with an output that is linked to nothing.
    expect(others).toEqual(['gsc_starter_1.plain: required_input_missing 76 images']);
  });

  it('B372 what they lack is said with its folder, each in a sentence', () => {
    for (const { prompt } of exported)
      for (const { code, message, missing } of preflight(prompt, catalog).problems) {
        expect(message).toMatch(/^[A-Z“].*\.$/u);
        if (code === 'missing_model') expect(missing?.folder, message).toMatch(/^models\//u);
      }
  });
});

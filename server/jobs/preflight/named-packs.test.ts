import { expect, it } from 'vitest';
import { readCatalog } from '../../../lib/workflow/catalog/node-catalog.ts';
import { podView } from '../../../tests/support/fake-desk.ts';
import type { PodNodes } from './node-catalogs.ts';
import { PodJudge } from './pod-judge.ts';

const nodes = (given: Record<string, unknown>): PodNodes => ({
  digest: JSON.stringify(given),
  bytes: 0,
  catalog: readCatalog(given),
  given,
});
const all: Record<string, PodNodes> = {
  a: nodes({ Show: { output_node: true, python_module: 'custom_nodes.show-me' } }),
  b: nodes({}),
};
const judge = new PodJudge({
  pods: () => [podView('a'), podView('b')],
  catalogs: { now: ({ id }) => all[id], fresh: () => Promise.resolve() },
  uploads: () => Promise.resolve(new Set()),
});
const prompt = { 1: { class_type: 'Show', inputs: {} } };

it('B371 a class is named with the pack that another pod loaded it from, unless the workflow names one', async () => {
  const byPods = await judge.verdicts({ prompt });
  expect(byPods.map(({ podId, verdict }) => [podId, verdict])).toEqual([
    ['a', 'runs'],
    ['b', 'cannot'],
  ]);
  expect(byPods[1]?.problems[0]?.pack).toBe('show-me');
  const byWorkflow = await judge.verdicts({ prompt, packs: new Map([['Show', 'comfyui-show']]) });
  expect(byWorkflow[1]?.problems[0]?.pack).toBe('comfyui-show');
});

import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { expect, it } from 'vitest';
import { readCatalog, type NodeCatalog } from '../../lib/workflow/catalog/node-catalog.ts';
import type { Prompt } from '../../lib/workflow/prompt.ts';
import type { ConformancePod } from './conformance-pod.ts';
import { agrees, comparable, ownJudgement, podJudgement, type Judgement } from './preflight-judgement.ts';
import { promptsFor } from './preflight-prompts.ts';
import { randomPrompts } from './random-prompts.ts';

const RANDOM_PROMPTS = 200;

/** Both judgements of one prompt; what the pod accepts is taken from its queue at once. */
async function bothJudge(
  { caller }: ConformancePod,
  prompt: Prompt,
  catalog: NodeCatalog,
): Promise<{ pod: Judgement; own: Judgement }> {
  const id = randomUUID();
  const answer = await caller.post(prompt, { prompt_id: id });
  if (answer.status === 200) await caller.call('POST', '/queue', { delete: [id] });
  return { pod: podJudgement(answer), own: ownJudgement(prompt, catalog) };
}

/** Whether Podium and the pod find the same wrong with the same prompts. */
export function checkPreflight(pod: ConformancePod): void {
  it('B370 finds wrong with a prompt what the pod finds: the same nodes, errors and inputs, and runs what it runs', async () => {
    const catalog = readCatalog(pod.classes);
    const prompts = promptsFor(pod.classes);
    const differences: { what: string; pod: Judgement; own: Judgement }[] = [];
    const outcomes = { runs: 0, partly: 0, refused: 0 };
    for (const { what, prompt } of prompts) {
      const { pod: theirs, own } = await bothJudge(pod, prompt, catalog);
      const judged = comparable(theirs, own);
      outcomes[judged.pod.outcome] += 1;
      if (!isDeepStrictEqual(judged.pod, judged.own)) differences.push({ what, ...judged });
    }
    expect(differences).toEqual([]);
    expect(prompts.length).toBeGreaterThan(60);
    expect(outcomes.refused).toBeGreaterThan(60);
    expect(Math.min(outcomes.runs, outcomes.partly)).toBeGreaterThan(0);
  });

  it(`B370 finds wrong what the pod finds with ${RANDOM_PROMPTS} prompts drawn at random`, async () => {
    const catalog = readCatalog(pod.classes);
    const seed = Number(process.env['PREFLIGHT_SEED'] ?? 1);
    const differences: { prompt: Prompt; pod: Judgement; own: Judgement }[] = [];
    for (const prompt of randomPrompts(catalog, seed, RANDOM_PROMPTS)) {
      const judged = await bothJudge(pod, prompt, catalog);
      if (!agrees(judged.pod, judged.own)) differences.push({ prompt, ...judged });
    }
    expect(differences, `seed ${seed}`).toEqual([]);
  });
}

import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { readCatalog } from '../../lib/workflow/catalog/node-catalog.ts';
import type { ConformancePod } from './conformance-pod.ts';
import { comparable, ownJudgement, podJudgement, type Judgement } from './preflight-judgement.ts';
import { promptsFor } from './preflight-prompts.ts';

/** Whether Podium and the pod find the same wrong with the same prompts. */
export function checkPreflight(pod: ConformancePod): void {
  it('B370 finds wrong with a prompt what the pod finds: the same nodes, errors and inputs, and runs what it runs', async () => {
    const catalog = readCatalog(pod.classes);
    const prompts = promptsFor(pod.classes);
    const differences: { what: string; pod: Judgement; own: Judgement }[] = [];
    const outcomes = { runs: 0, partly: 0, refused: 0 };
    for (const { what, prompt } of prompts) {
      const id = randomUUID();
      const answer = await pod.caller.post(prompt, { prompt_id: id });
      if (answer.status === 200) await pod.caller.call('POST', '/queue', { delete: [id] });
      const judged = comparable(podJudgement(answer), ownJudgement(prompt, catalog));
      outcomes[judged.pod.outcome] += 1;
      if (JSON.stringify(judged.pod) !== JSON.stringify(judged.own)) differences.push({ what, ...judged });
    }
    expect(differences).toEqual([]);
    expect(prompts.length).toBeGreaterThan(60);
    expect(outcomes.refused).toBeGreaterThan(60);
    expect(Math.min(outcomes.runs, outcomes.partly)).toBeGreaterThan(0);
  });
}

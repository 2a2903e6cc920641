import { describe, expect, it } from 'vitest';
import type { PodMemory } from '../jobs/pod-client.ts';
import type { PromptLookup } from './prompt-lookup.ts';
import { RestartProof, UNWATCHED } from './restart-proof.ts';

/** A pod's history by prompt ids. */
function historyOf(...known: string[]): PromptLookup {
  const lookup: Pick<PromptLookup, 'inHistory' | 'historyIsEmpty'> = {
    inHistory: (promptId) => Promise.resolve(known.includes(promptId)),
    historyIsEmpty: () => Promise.resolve(known.length === 0),
  };
  return lookup as PromptLookup;
}

function remembered(memory: Partial<PodMemory> = {}) {
  const memories: PodMemory[] = [];
  const proof = new RestartProof({ clientId: 'c', ...memory }, (one) => memories.push(one));
  return { proof, memories };
}

describe('RestartProof', () => {
  it('B72 a lower or equal number proves a restart, and what the old process knew is forgotten', async () => {
    for (const number of [3, 7]) {
      const { proof, memories } = remembered({ highestNumber: 7, witnessPromptId: 'w' });
      const before = proof.moment();
      proof.noteNumber(number, 7);
      expect(memories).toEqual([{ clientId: 'c', highestNumber: number }]);
      expect(await proof.since(before, historyOf('w'), false)).toBe(true);
      expect(await proof.since(proof.moment(), historyOf(), true)).toBe(false);
    }
  });

  it('B72 numbers answered out of order prove nothing', async () => {
    const { proof, memories } = remembered({ highestNumber: 7 });
    const before = proof.moment();
    proof.noteNumber(9, 7);
    proof.noteNumber(8, 7);
    expect(memories.at(-1)).toEqual({ clientId: 'c', highestNumber: 9 });
    expect(await proof.since(before, historyOf(), true)).toBe(false);
  });

  it('B72 a vanished witness counts only together with an outage', async () => {
    const { proof, memories } = remembered({ witnessPromptId: 'w' });
    const before = proof.moment();
    expect(await proof.since(before, historyOf('other'), true)).toBe(false);
    proof.noteOutage();
    expect(await proof.since(before, historyOf('w'), true)).toBe(false);
    expect(await proof.since(before, historyOf('other'), false)).toBe(true);
    expect(memories).toEqual([{ clientId: 'c' }]);
  });

  it('B72 without a witness an empty history counts only for a prompt the pod certainly had', async () => {
    const { proof } = remembered();
    proof.noteOutage();
    expect(await proof.since(UNWATCHED, historyOf(), false)).toBe(false);
    expect(await proof.since(UNWATCHED, historyOf('other'), true)).toBe(false);
    expect(await proof.since(UNWATCHED, historyOf(), true)).toBe(true);
  });

  it('B72 the time before Podium watched counts as an outage', async () => {
    const { proof } = remembered({ witnessPromptId: 'w' });
    expect(await proof.since(UNWATCHED, historyOf('w'), true)).toBe(false);
    expect(await proof.since(UNWATCHED, historyOf(), false)).toBe(true);
  });
});

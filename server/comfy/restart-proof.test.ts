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

/** `number`: what the pod gives to a submission now. */
function remembered(memory: Partial<PodMemory> = {}, number?: number) {
  const memories: PodMemory[] = [];
  let asked = 0;
  const ask = () => {
    asked += 1;
    return Promise.resolve(number === undefined ? undefined : number + asked - 1);
  };
  const proof = new RestartProof({ clientId: 'c', ...memory }, (one) => memories.push(one), ask);
  return { proof, memories, asked: () => asked };
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

  it('B83 history that somebody emptied during an outage proves no restart: the pod goes on counting', async () => {
    const { proof, asked } = remembered({ highestNumber: 7, witnessPromptId: 'w' }, 9);
    const before = proof.moment();
    proof.noteOutage();
    const both = [proof.since(before, historyOf(), true), proof.since(UNWATCHED, historyOf(), false)];
    expect(await Promise.all(both)).toEqual([false, false]);
    expect(await proof.since(before, historyOf(), true)).toBe(false);
    expect(asked()).toBe(1);
    proof.noteOutage();
    expect(await proof.since(before, historyOf(), true)).toBe(false);
    expect(asked()).toBe(2);
  });

  it('B72 a pod that counts anew after an outage has restarted, for whoever asks', async () => {
    const { proof, memories } = remembered({ highestNumber: 7, witnessPromptId: 'w' }, 0);
    const before = proof.moment();
    proof.noteOutage();
    const both = [proof.since(before, historyOf(), true), proof.since(UNWATCHED, historyOf(), false)];
    expect(await Promise.all(both)).toEqual([true, true]);
    expect(memories).toEqual([{ clientId: 'c', highestNumber: 0 }]);
    expect(await proof.since(before, historyOf(), false)).toBe(true);
  });

  it('B72 a pod that took a prompt and died before its answer was read has restarted since', async () => {
    const { proof } = remembered({ highestNumber: 7 }, 0);
    const sent = proof.moment();
    proof.noteOutage();
    proof.noteNumber(8, 7);
    expect(await proof.since(proof.momentOfAnswer(sent), historyOf(), true)).toBe(true);
  });

  it('B72 a prompt whose own number shows a restart went to the pod that lives now', async () => {
    const { proof } = remembered({ highestNumber: 7, witnessPromptId: 'w' }, 1);
    const sent = proof.moment();
    proof.noteOutage();
    proof.noteNumber(0, 7);
    expect(await proof.since(proof.momentOfAnswer(sent), historyOf(), true)).toBe(false);
  });

  it('B83 a pod that does not tell its number is not taken for restarted', async () => {
    const { proof } = remembered({ highestNumber: 7, witnessPromptId: 'w' });
    const before = proof.moment();
    proof.noteOutage();
    expect(await proof.since(before, historyOf(), true)).toBe(false);
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

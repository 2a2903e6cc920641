import { expect, it } from 'vitest';
import { newJob, transition } from '../../lib/jobs/transition.ts';
import { concernsList, listRoom, showsProgress } from './list-filter.ts';

const at = '2026-01-01T00:00:00.000Z';
const id = '0b9f6a52-7a0e-4c39-9f0e-3f5f1c0d9e11';
const queued = newJob({ id, name: 'Große Café Straße', at });

it('B147 a list is told of the names the store would find for it, and of ids', () => {
  for (const q of ['café', 'CAFE\u0301', 'strasse', 'STRAßE', '7A0E-4C39', ''])
    expect([q, concernsList({ q }, queued)]).toEqual([q, true]);
  for (const q of ['cafes', 'gross ', '7a0f']) expect([q, concernsList({ q }, queued)]).toEqual([q, false]);
});

it('B147 the same filter written differently is one room, another filter another', () => {
  expect(listRoom({ state: ['failed', 'queued', 'failed'], q: 'Cat' })).toBe(
    listRoom({ q: 'cAT', state: ['queued', 'failed'] }),
  );
  expect(listRoom({})).toBe(listRoom({ state: [], q: '' }));
  const different = [{}, { q: 'a' }, { pod: 'a' }, { state: ['failed' as const] }].map(listRoom);
  expect(new Set(different).size).toBe(4);
});

it('B409 a list of a batch is told of its jobs alone, one without batches of all others', () => {
  const batch = 'd3e0f8a4-6a38-4d4c-8f43-0d9a2b1c3e4f';
  const member = newJob({ id, name: 'sweep', at, batch: { id: batch, index: 0 } });
  const toldTo = (job: typeof member) =>
    [{}, { batch }, { batch: id }, { batch: 'none' as const }].map((filter) => concernsList(filter, job));
  expect(toldTo(member)).toEqual([true, true, false, false]);
  expect(toldTo(queued)).toEqual([true, false, false, true]);
  expect(new Set([{}, { batch }, { batch: 'none' as const }].map(listRoom)).size).toBe(3);
});

it('B147 progress is shown where the state fits, changes are told whatever the state', () => {
  const promptId = '5b3c5c0e-38a5-4a2b-8f7e-0f4d9a6c1b22';
  const running = transition(transition(queued, { type: 'claim', podId: 'a', promptId, at }), { type: 'accept', at });
  expect(showsProgress({ state: ['running'] }, running)).toBe(true);
  expect(showsProgress({ state: ['failed'] }, running)).toBe(false);
  expect(concernsList({ state: ['failed'] }, running)).toBe(true);
  expect(showsProgress({ pod: 'b' }, running)).toBe(false);
});

it('B147 a job that was taken back from a pod is still news to the list of that pod', () => {
  const promptId = '5b3c5c0e-38a5-4a2b-8f7e-0f4d9a6c1b22';
  const claimed = transition(queued, { type: 'claim', podId: 'a', promptId, at });
  const back = transition(claimed, { type: 'not_sent', reason: 'It does not answer.', at });
  expect(back.attempts).toEqual([]);
  expect(concernsList({ pod: 'a' }, back)).toBe(true);
  expect(concernsList({ pod: 'b' }, back)).toBe(false);
});

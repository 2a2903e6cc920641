import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { ended, told, type ConformancePod } from './conformance-pod.ts';
import { failingPrompt, quickPrompt, slowPrompt } from './core-prompts.ts';

const lastMessage = (entry: { status: { messages: [string, unknown][] } }): string | undefined =>
  entry.status.messages.at(-1)?.[0];

/** Queue, history, cache, duplicates, deletion and interruption. */
export function checkRuns(pod: ConformancePod): void {
  const { caller } = pod;
  const slow = (steps = 40) => slowPrompt(pod.hasProbes, { steps });
  const interrupt = (id: string) => caller.call('POST', '/interrupt', { prompt_id: id });
  const stopAll = async (...ids: string[]): Promise<void> => {
    await caller.call('POST', '/queue', { delete: ids });
    const { running } = await caller.queue();
    for (const id of running.filter((one) => ids.includes(one))) {
      await interrupt(id);
      await caller.ended(id, 60_000);
    }
  };

  it('B116 numbers prompts upwards and shows one running, others waiting in order', async () => {
    const client = randomUUID();
    const first = await pod.submit(slow(), client);
    await caller.runs(first.id);
    const second = await pod.submit(slow(), client);
    const third = await pod.submit(slow(), client);
    expect(second.number).toBe(first.number + 1);
    expect(third.number).toBe(second.number + 1);
    const { running, pending, body } = await caller.queue();
    expect([running, pending]).toEqual([[first.id], [second.id, third.id]]);
    const [, , prompt, extra, outputs] = body.queue_pending[0] ?? [];
    expect([Object.keys(prompt ?? {}).includes('9'), outputs]).toEqual([true, ['9']]);
    expect(extra).toMatchObject({ client_id: client, podium: { jobId: `job-of-${second.id}`, attempt: 1 } });
    expect(await caller.history(first.id)).toBeUndefined();
    await stopAll(third.id, second.id, first.id);
  });

  it('B116 drops a waiting prompt without a word about it, and leaves the running one alone', async () => {
    const client = randomUUID();
    const log = await pod.socket(client);
    const running = await pod.submit(slow(15), client);
    await caller.runs(running.id);
    const waiting = await pod.submit(quickPrompt(), client);
    expect((await caller.call('POST', '/queue', { delete: [running.id, waiting.id] })).status).toBe(200);
    expect(await caller.queue()).toMatchObject({ running: [running.id], pending: [] });
    await log.until(ended(running.id), 'the running prompt ends', 120_000);
    expect((await caller.ended(running.id)).status.status_str).toBe('success');
    expect([told(log.frames, waiting.id), await caller.history(waiting.id)]).toEqual([[], undefined]);
    await log.close();
  });

  it('B116 clears what waits, and forgets one prompt of its history when told', async () => {
    const running = await pod.submit(slow(6));
    await caller.runs(running.id);
    await pod.submit(quickPrompt());
    await caller.call('POST', '/queue', { clear: true });
    expect(await caller.queue()).toMatchObject({ running: [running.id], pending: [] });
    await caller.ended(running.id, 120_000);
    await caller.call('POST', '/history', { delete: [running.id] });
    expect(await caller.history(running.id)).toBeUndefined();
  });

  it('B116 runs the same id twice, and keeps one entry of history for both', async () => {
    const client = randomUUID();
    const log = await pod.socket(client);
    const prompt = quickPrompt();
    const blocker = await pod.submit(slow(), client);
    await caller.runs(blocker.id);
    const first = await pod.submit(prompt, client);
    const second = await pod.submit(prompt, client, first.id);
    expect((await caller.queue()).pending).toEqual([first.id, first.id]);
    await stopAll(blocker.id);
    const ends = (): number => told(log.frames, first.id).filter((event) => event === 'executing:null').length;
    await log.until(() => ends() === 2, 'both have ended', 60_000);
    expect((await caller.ended(first.id)).prompt[0]).toBe(second.number);
    await log.close();
  });

  it('B116 answers an unchanged prompt from its cache, with the same file', async () => {
    const client = randomUUID();
    const prompt = quickPrompt();
    const first = await pod.submit(prompt, client);
    const before = await caller.ended(first.id);
    const log = await pod.socket(client);
    const second = await pod.submit(prompt, client);
    await log.until(ended(second.id), 'the second ends');
    const after = await caller.ended(second.id);
    expect(after.outputs['9']).toEqual(before.outputs['9']);
    const cached = log.ofType('execution_cached').at(-1)?.content;
    expect(cached).toMatchObject({ data: { prompt_id: second.id, nodes: ['1', '2', '9'] } });
    expect(told(log.frames, second.id)).not.toContain('executing:2');
    await log.close();
  });

  it('B116 stops the running prompt that an interrupt names, and no other', async () => {
    const client = randomUUID();
    const log = await pod.socket(client);
    const { id } = await pod.submit(slow(), client);
    await caller.runs(id);
    const named = pod.hasProbes ? 'progress:2' : 'executing:10';
    await log.until((frames) => told(frames, id).includes(named), 'it is under way', 60_000);
    expect((await interrupt(randomUUID())).status).toBe(200);
    expect((await caller.queue()).running).toEqual([id]);
    expect((await interrupt(id)).status).toBe(200);
    const entry = await caller.ended(id, 60_000);
    expect([entry.status.status_str, lastMessage(entry)]).toEqual(['error', 'execution_interrupted']);
    await log.until(ended(id), 'the end is told');
    expect(told(log.frames, id)).toContain('execution_interrupted');
    expect(told(log.frames, id)).not.toContain('execution_success');
    await log.close();
  });

  it('B116 an interrupt of a waiting prompt does nothing', async () => {
    const running = await pod.submit(slow(12));
    await caller.runs(running.id);
    const waiting = await pod.submit(quickPrompt());
    expect((await interrupt(waiting.id)).status).toBe(200);
    expect((await caller.ended(running.id, 120_000)).status.status_str).toBe('success');
    expect((await caller.ended(waiting.id)).status.status_str).toBe('success');
  });

  if (!pod.hasProbes) return;

  it.each([
    ['error', /./],
    ['oom', /OutOfMemoryError$/],
  ] as const)(
    'B117 a node that fails by %s ends its prompt with type and node; earlier files stay',
    async (kind, type) => {
      const client = randomUUID();
      const { id } = await pod.submit(failingPrompt(kind), client);
      const entry = await caller.ended(id);
      expect(entry.status).toMatchObject({ status_str: 'error', completed: false });
      const [event, data] = entry.status.messages.at(-1) ?? [];
      expect(event).toBe('execution_error');
      expect(data).toMatchObject({ prompt_id: id, node_id: '2', node_type: 'ProbeFail' });
      expect(data?.exception_type).toMatch(type);
      expect(data).toMatchObject({ traceback: expect.any(Array), current_inputs: expect.any(Object) });
      expect(Object.keys(entry.outputs)).not.toContain('3');
    },
  );

  it('B117 a blocked branch is told as an error, and the prompt succeeds', async () => {
    const client = randomUUID();
    const log = await pod.socket(client);
    const { id } = await pod.submit(failingPrompt('block'), client);
    await log.until(ended(id), 'the end is told');
    const events = told(log.frames, id);
    expect(log.ofType('execution_error')[0]?.content).toMatchObject({ data: { exception_type: 'ExecutionBlocked' } });
    expect(events.indexOf('execution_error')).toBeLessThan(events.indexOf('execution_success'));
    expect((await caller.ended(id)).status.status_str).toBe('success');
    await log.close();
  });

  it('B117 NaN and Infinity stand in bodies as Python writes them', async () => {
    const { id } = await pod.submit(failingPrompt('nan_text'), randomUUID());
    await caller.ended(id);
    const { text } = await caller.call('GET', `/history/${id}`);
    expect(text).toMatch(/NaN, Infinity/);
  });
}

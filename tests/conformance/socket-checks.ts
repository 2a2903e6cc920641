import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { dataOf, ended, told, type ConformancePod } from './conformance-pod.ts';
import { quickPrompt, slowPrompt } from './core-prompts.ts';

const FLAGS = JSON.stringify({ type: 'feature_flags', data: { supports_preview_metadata: true } });

/** What is sent to whom, in which order, and what a client that comes back hears. */
export function checkSocket(pod: ConformancePod): void {
  const { caller } = pod;

  it('B118 tells one prompt from start to end in order, each event with its id', async () => {
    const client = randomUUID();
    const log = await pod.socket(client);
    await log.until((frames) => frames.length > 0, 'it is greeted');
    expect(log.frames[0]?.content).toMatchObject({ type: 'status', data: { sid: client } });
    const { id } = await pod.submit(quickPrompt(), client);
    await log.until(ended(id), 'the end is told');
    const events = told(log.frames, id).filter((event) => event !== 'progress_state');
    expect(events).toEqual([
      'execution_start',
      'execution_cached',
      'executing:1',
      'executing:2',
      'executing:9',
      'executed:9',
      'execution_success',
      'executing:null',
    ]);
    expect(log.ofType('executed')[0]?.content).toMatchObject({
      data: { display_node: '9', output: { images: [{ subfolder: '', type: 'output' }] } },
    });
    await log.close();
  });

  it('B118 has history written when executing null arrives', async () => {
    const client = randomUUID();
    const log = await pod.socket(client);
    const { id } = await pod.submit(quickPrompt(), client);
    await log.until(ended(id), 'the end is told');
    expect(await caller.history(id)).toMatchObject({ status: { status_str: 'success', completed: true } });
    await log.close();
  });

  it('B118 tells others nothing but the length of the queue', async () => {
    const owner = await pod.socket(randomUUID());
    const other = await pod.socket(randomUUID());
    const client = dataOf(owner.frames[0]).sid ?? (await greeted(owner));
    const { id } = await pod.submit(quickPrompt(), String(client));
    await owner.until(ended(id), 'the end is told');
    expect(new Set(other.frames.map((frame) => frame.type))).toEqual(new Set(['status']));
    await Promise.all([owner.close(), other.close()]);
  });

  it('B118 runs a prompt without client_id and says nothing of it to anybody', async () => {
    const log = await pod.socket(randomUUID());
    const { id } = await pod.submit(quickPrompt());
    expect((await caller.ended(id)).status.status_str).toBe('success');
    expect(told(log.frames, id).filter((event) => event.startsWith('execut'))).toEqual([]);
    await log.close();
  });

  it('B118 answers feature flags with its own', async () => {
    const log = await pod.socket(randomUUID());
    log.send(FLAGS);
    await log.until((frames) => frames.some((frame) => frame.type === 'feature_flags'), 'flags come');
    expect(log.ofType('feature_flags')[0]?.content).toMatchObject({
      data: { supports_preview_metadata: true, max_upload_size: expect.any(Number) },
    });
    await log.close();
  });

  it('B118 tells a client that comes back which node runs, without the prompt’s id, and goes on', async () => {
    const client = randomUUID();
    const first = await pod.socket(client);
    const { id } = await pod.submit(slowPrompt(pod.hasProbes, { steps: 25 }), client);
    const node = pod.hasProbes ? '2' : '10';
    await first.until((frames) => told(frames, id).includes(`executing:${node}`), 'it is under way', 60_000);
    await first.close();
    const second = await pod.socket(client);
    await second.until((frames) => frames.length >= 2, 'it is told what runs');
    expect(second.frames[1]).toMatchObject({ type: 'executing', content: { data: { node: expect.any(String) } } });
    expect(dataOf(second.frames[1]).prompt_id).toBeUndefined();
    await second.until(ended(id), 'the end is told', 120_000);
    await second.close();
  });

  if (!pod.hasProbes) return;

  it('B119 reports each step, and every node touched so far', async () => {
    const client = randomUUID();
    const log = await pod.socket(client);
    const { id } = await pod.submit(slowPrompt(true, { steps: 4 }), client);
    await log.until(ended(id), 'the end is told');
    expect(log.ofType('progress').map((frame) => [dataOf(frame).value, dataOf(frame).max])).toEqual([
      [1, 4],
      [2, 4],
      [3, 4],
      [4, 4],
    ]);
    const last = dataOf(log.ofType('progress_state').at(-1)).nodes as Record<string, { state: string }>;
    expect(Object.entries(last).map(([node, { state }]) => [node, state])).toEqual([
      ['1', 'finished'],
      ['2', 'finished'],
      ['9', 'finished'],
    ]);
    await log.close();
  });

  it.each([
    { first: FLAGS, kind: 4 },
    { first: '{"type": "something", "data": {}}', kind: 1 },
  ])('B119 sends previews of kind $kind to a client whose first frame is $first', async ({ first, kind }) => {
    const client = randomUUID();
    const log = await pod.socket(client);
    log.send(first);
    log.send(FLAGS);
    const { id } = await pod.submit(slowPrompt(true, { steps: 3, preview: true }), client);
    await log.until(ended(id), 'the end is told');
    const previews = log.ofType('binary').map((frame) => frame.content);
    expect(previews).toHaveLength(3);
    for (const preview of previews) expect(preview).toMatchObject({ kind, picture: 'ffd8ff' });
    if (kind === 4) expect(previews[0]).toMatchObject({ metadata: { prompt_id: id, node_id: '2' } });
    await log.close();
  });

  it('B119 deafens a new socket when the old one of the same client closes after it came', async () => {
    const client = randomUUID();
    const old = await pod.socket(client);
    const fresh = await pod.socket(client);
    await fresh.until((frames) => frames.length > 0, 'it is greeted');
    await old.close();
    const witness = await pod.socket(randomUUID());
    const { id } = await pod.submit(quickPrompt(), client);
    await caller.ended(id);
    await witness.until((frames) => frames.length >= 3, 'the queue moved');
    expect(told(fresh.frames, id)).toEqual([]);
    await Promise.all([fresh.close(), witness.close()]);
  });
}

async function greeted(log: {
  frames: { type: string }[];
  until: (look: () => boolean, what: string) => Promise<void>;
}): Promise<unknown> {
  await log.until(() => log.frames.length > 0, 'it is greeted');
  return dataOf(log.frames[0] as Parameters<typeof dataOf>[0]).sid;
}

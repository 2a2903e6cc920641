import { describe, expect, it } from 'vitest';
import type { FormField } from './form-field.ts';
import { promptKey } from './prompt-key.ts';
import { readRemembered, rememberedFor, writeRemembered } from './remembered-values.ts';

const field = (key: string, value: unknown, role: FormField['role'] = 'other'): FormField => ({
  key,
  nodeId: key.split('/')[0] ?? '',
  classType: 'Node',
  input: key.split('/')[1] ?? '',
  label: key,
  nodeLabel: 'Node',
  role,
  shown: true,
  control: { kind: 'text', multiline: false },
  value,
});
const nothing = readRemembered(null);
const keep = (text: string, key: string, values: Record<string, unknown>) =>
  writeRemembered(readRemembered(text), { key, values, name: key });

describe('what was submitted last', () => {
  it('B424 is filled in again where the form still has the field, with a value of its kind that differs', () => {
    const text = writeRemembered(nothing, {
      key: 'w',
      values: { '1/text': 'a dog', '1/steps': '20', '1/cfg': 7, '2/gone': 'x', '1/odd': [1] },
      name: 'Dogs',
    });
    const fields = [field('1/text', 'a cat'), field('1/steps', 20), field('1/cfg', 7), field('1/odd', 'x')];
    expect(rememberedFor(readRemembered(text), 'w', fields)).toEqual({
      key: 'w',
      name: 'Dogs',
      values: { '1/text': 'a dog' },
    });
    expect(rememberedFor(readRemembered(text), 'other', fields)).toBeUndefined();
  });

  it('B424 is kept of the newest workflows alone, within what a browser keeps', () => {
    let text = writeRemembered(nothing, { key: 'w0', values: { '1/text': 'first' }, name: '' });
    for (let at = 1; at < 40; at += 1) text = keep(text, `w${at}`, { '1/text': String(at) });
    expect(readRemembered(text).workflows.map(({ key }) => key)).toEqual(
      Array.from({ length: 30 }, (_, at) => `w${39 - at}`),
    );
    const long = keep(keep(text, 'a', { '1/text': 'x'.repeat(300_000) }), 'b', { '1/text': 'y'.repeat(300_000) });
    expect(long.length).toBeLessThanOrEqual(400_000);
    expect(readRemembered(long).workflows.map(({ key }) => key)).toEqual(['b']);
    expect(readRemembered(keep(text, 'c', { '1/text': 'z'.repeat(500_000) })).workflows).toEqual([]);
  });

  it('B424 is nothing where the browser holds something else', () => {
    for (const text of ['', '{', 'null', '[]', '{"version":2,"workflows":[]}', '{"version":1,"workflows":[{"key":1}]}'])
      expect(readRemembered(text)).toEqual({ version: 1, workflows: [] });
  });
});

describe('the name of a workflow', () => {
  const prompt = (text: string, seed: number) => ({ '1': { class_type: 'Node', inputs: { text, seed } } });
  const fields = [field('1/text', 'a'), field('1/seed', 1, 'seed')];
  it('B424 is the same whatever its seed, and another for another workflow', () => {
    const key = promptKey(prompt('a', 1), fields);
    expect(key).toMatch(/^[0-9a-f]{16}$/);
    expect(promptKey(prompt('a', 2), fields)).toBe(key);
    expect(promptKey(prompt('b', 1), fields)).not.toBe(key);
  });
});

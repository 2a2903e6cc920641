import { expect, it } from 'vitest';
import type { FormField } from '../../lib/workflow/form/form-field.ts';
import { orderedByTemplate } from './template-fields.ts';

const field = (key: string, shown: boolean): FormField => ({
  key,
  nodeId: key,
  classType: 'Node',
  input: 'x',
  label: key,
  nodeLabel: 'Node',
  role: 'other',
  shown,
  control: { kind: 'switch' },
  value: true,
});

it('B432 shows of a template the fields it names, in its order and under its names, and hides the others', () => {
  const fields = [field('a', true), field('b', false), field('c', false)];
  const ordered = orderedByTemplate(fields, [
    { key: 'c', label: 'Colour' },
    { key: 'gone' },
    { key: 'a' },
    { key: 'a' },
  ]);
  expect(ordered.map(({ key, label, shown }) => [key, label, shown])).toEqual([
    ['c', 'Colour', true],
    ['a', 'a', true],
    ['b', 'b', false],
  ]);
  expect(orderedByTemplate(fields, undefined)).toBe(fields);
});

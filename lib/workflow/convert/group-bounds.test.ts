import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { converter, node } from '../../../tests/support/editor-graphs.ts';
import { readCatalog } from '../catalog/node-catalog.ts';
import { isLink } from '../prompt.ts';

const catalog = readCatalog({
  Image: { input: { required: { width: ['INT', {}] } }, output: ['IMAGE'] },
  Blend: {
    input: { required: { image: ['IMAGE'], seed: ['INT', {}], strength: ['FLOAT', {}], mask: ['MASK'] } },
    output: ['IMAGE', 'MASK'],
  },
  Save: { input: { required: { images: ['IMAGE'] } } },
});
const convert = converter(catalog);

describe('bounds of group nodes', () => {
  const place = fc.oneof(fc.integer({ min: -1, max: 4 }), fc.constantFrom(null, '1', 1.5, '__proto__'));
  const inner = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        type: fc.constantFrom('Blend', 'Image', 'Save', 'Reroute', 'PrimitiveNode', 'Note', 'workflow>A', 'workflow/B'),
        title: fc.constantFrom(undefined, '', 'T', '__proto__'),
        mode: fc.constantFrom(0, 0, 2, 4),
        inputs: fc.array(
          fc.record({
            name: fc.constantFrom('image', 'seed', 'mask', '', '__proto__'),
            type: fc.constantFrom('IMAGE', 'INT', '*'),
            widget: fc.option(fc.record({ name: fc.constantFrom('seed', 'image') })),
            label: fc.constantFrom(undefined, 'L'),
          }),
          { maxLength: 3 },
        ),
        outputs: fc.array(fc.record({ type: fc.constantFrom('IMAGE', '*') }), { maxLength: 2 }),
        widgets_values: fc.array(fc.jsonValue({ maxDepth: 1 }), { maxLength: 3 }),
      }),
    },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  );
  const link = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(place, place, place, place, place, fc.constantFrom('IMAGE', 'INT', ['a'], null)) },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  );
  const group = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record(
        {
          nodes: fc.array(inner, { maxLength: 4 }),
          links: fc.array(link, { maxLength: 6 }),
          external: fc.array(fc.tuple(place, place, fc.constant('IMAGE')), { maxLength: 3 }),
          config: fc.dictionary(fc.constantFrom('0', '1', 'x'), fc.jsonValue({ maxDepth: 3 })),
        },
        { requiredKeys: ['nodes'] },
      ),
    },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  );
  const user = fc.record({
    type: fc.constantFrom('workflow>A', 'workflow/B', 'workflow>', 'workflow>__proto__', 'Blend'),
    mode: fc.constantFrom(0, 0, 2, 4),
    inputs: fc.array(
      fc.record({
        name: fc.constantFrom('image', 'IMAGE', 'seed'),
        type: fc.constant('*'),
        link: fc.integer({ min: 1, max: 5 }),
      }),
      { maxLength: 3 },
    ),
    widgets_values: fc.array(fc.jsonValue({ maxDepth: 1 }), { maxLength: 6 }),
  });

  it('B449: whatever a file says of them, nothing is thrown and no link ends at nothing', () => {
    const links = fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.nat(3), fc.nat(3), fc.nat(3), fc.nat(3)), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(fc.array(user, { maxLength: 4 }), links, group, group, (users, outer, A, B) => {
        const nodes = users.map((one, id) => ({ ...one, id }));
        const { prompt } = convert(nodes, outer, { extra: { groupNodes: { A, B } } });
        const linked = Object.values(prompt).flatMap(({ inputs }) => Object.values(inputs).filter(isLink));
        expect(linked.filter(([id]) => !Object.hasOwn(prompt, id))).toEqual([]);
      }),
      { seed: 449, numRuns: 250 },
    );
  }, 60_000);

  it('B449: opens no more than 50,000 nodes and 1,000 inputs of one, and says what it leaves', () => {
    const levels = Object.fromEntries(
      Array.from({ length: 8 }, (_, level) => [
        `L${level}`,
        { nodes: Array.from({ length: 10 }, () => node(0, level === 0 ? 'Save' : `workflow>L${level - 1}`)) },
      ]),
    );
    const wide = { nodes: Array.from({ length: 400 }, () => node(0, 'Blend')) };
    const many = convert([node(1, 'workflow>L7'), node(2, 'workflow>Wide')], [], {
      extra: { groupNodes: { ...levels, Wide: wide } },
    });
    expect(Object.keys(many.prompt).length).toBeLessThanOrEqual(50_000);
    expect(many.notes.join()).toContain('“Wide” cannot be opened: it has more than 1,000 inputs');
  });

  it('B449: names a few of those that cannot be opened, and no more than twenty reasons', () => {
    const names = Array.from({ length: 1200 }, (_, at) => `G${at}`);
    const users = names.map((name, at) => node(at, `workflow>${name}`));
    expect(convert(users, [], {}).notes).toEqual([
      'The group node “G0” cannot be opened: the file does not say what is in it. ' +
        'The same is true of “G1”, “G2”, “G3”, “G4”, “G5” and more.',
      'The group node “G1000” cannot be opened: the file has too many of them. ' +
        'The same is true of “G1001”, “G1002”, “G1003”, “G1004”, “G1005” and more.',
    ]);
    const each = Object.fromEntries(names.slice(0, 100).map((name) => [name, { nodes: [node(0, `Lost${name}`)] }]));
    const { notes } = convert(users.slice(0, 100), [], { extra: { groupNodes: each } });
    expect(notes).toHaveLength(21);
    expect(notes.at(-1)).toBe('Group nodes cannot be opened for 80 more reasons.');
  });
});

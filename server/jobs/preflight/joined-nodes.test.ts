import { expect, it } from 'vitest';
import { readCatalog } from '../../../lib/workflow/catalog/node-catalog.ts';
import { definitionsOf, joinedCatalog } from './joined-nodes.ts';

const pod = (given: Record<string, unknown>) => ({ digest: '', bytes: 0, catalog: readCatalog(given), given });
const loader = (config: unknown) => ({ input: { required: { name: config, steps: ['INT', { min: 1 }] } } });
const prompt = { '1': { class_type: 'Loader', inputs: {} }, '2': { class_type: 'Nowhere', inputs: {} } };

it.each([
  ['old', [['x', 'y'], { tooltip: 'which' }], [['y', 'z']], [['x', 'y', 'z'], { tooltip: 'which' }]],
  [
    'new',
    ['COMBO', { options: ['x'], multiselect: false }],
    ['COMBO', { options: ['z'] }],
    ['COMBO', { options: ['x', 'z'], multiselect: false }],
  ],
  ['no', ['STRING', {}], [['z']], ['STRING', {}]],
  ['equal', [['x']], [['x']], [['x']]],
])('B383 a form offers what any pod has: choices of the %s style', (_style, own, other, joined) => {
  const pods = [pod({ Loader: loader(own) }), pod({ Loader: loader(other), Else: {} })];
  expect(definitionsOf(prompt, pods)).toEqual({ Loader: loader(joined) });
});

it('B383 what a pod says of a class in a malformed way takes nothing from what another says', () => {
  const good = { Loader: loader([['x']]) };
  for (const bad of [null, 7, { input: null }, { input: { required: [] } }, loader('x'), loader(['COMBO', 3])])
    expect(definitionsOf(prompt, [pod(good), pod({ Loader: bad })])).toEqual(good);
});

it('B380 each class is as the first pod that has it says', () => {
  const [one, two] = [{ A: { display_name: 'a1' } }, { A: { display_name: 'a2' }, B: { display_name: 'b2' } }];
  const joined = joinedCatalog([readCatalog(one), readCatalog(two)]);
  expect([joined.get('A')?.displayName, joined.get('B')?.displayName, joined.get('C')]).toEqual([
    'a1',
    'b2',
    undefined,
  ]);
  expect([joined.has('B'), joined.has('C'), joined.classTypes]).toEqual([true, false, ['A', 'B']]);
  expect(joinedCatalog([]).classTypes).toEqual([]);
});

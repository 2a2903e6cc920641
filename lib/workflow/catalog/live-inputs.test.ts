import { describe, expect, it } from 'vitest';
import { liveInputs } from './live-inputs.ts';
import { readCatalog } from './node-catalog.ts';

const resize = {
  input: {
    required: {
      input: ['IMAGE'],
      mode: [
        'COMFY_DYNAMICCOMBO_V3',
        {
          options: [
            {
              key: 'size',
              inputs: { required: { width: ['INT', {}] }, optional: { crop: ['COMBO', { options: ['no'] }] } },
            },
            {
              key: 'more',
              inputs: {
                required: {
                  how: [
                    'COMFY_DYNAMICCOMBO_V3',
                    { options: [{ key: 'deep', inputs: { required: { by: ['FLOAT'] } } }] },
                  ],
                },
              },
            },
            { key: 'nothing' },
          ],
        },
      ],
    },
  },
};
const batch = (template: unknown, kind = 'required') => ({
  input: { [kind]: { images: ['COMFY_AUTOGROW_V3', { template }] } },
});

function inputsOf(definition: unknown, given: Record<string, unknown>): string[] {
  const def = readCatalog({ Subject: definition }).get('Subject');
  if (!def) throw new Error('not read');
  return liveInputs(def, given).map(({ name, required, type }) => `${name}${required ? '' : '?'}: ${type}`);
}

describe('the inputs of a node with its values', () => {
  it('B375 are those of its class where none depends on a value', () => {
    const def = readCatalog({ Plain: { input: { required: { a: ['INT'] }, optional: { b: ['MASK'] } } } }).get('Plain');
    expect(def && liveInputs(def, {})).toBe(def?.inputs);
  });

  it('B375 are those of what a dynamic combo is set to, at any depth', () => {
    expect(inputsOf(resize, { mode: 'size' })).toEqual([
      'input: IMAGE',
      'mode: COMFY_DYNAMICCOMBO_V3',
      'mode.width: INT',
      'mode.crop?: COMBO',
    ]);
    expect(inputsOf(resize, { mode: 'more', 'mode.how': 'deep' }).slice(2)).toEqual([
      'mode.how: COMFY_DYNAMICCOMBO_V3',
      'mode.how.by: FLOAT',
    ]);
    expect(inputsOf(resize, { mode: 'nothing' })).toHaveLength(2);
    expect(inputsOf(resize, { mode: 'unheard of' })).toHaveLength(2);
    expect(inputsOf(resize, {})).toHaveLength(2);
  });

  it('B375 are as many as one that grows may have, the first of them required', () => {
    const image = { required: { image: ['IMAGE', {}] } };
    expect(inputsOf(batch({ input: image, prefix: 'image', min: 2, max: 4 }), {})).toEqual([
      'images.image0: IMAGE',
      'images.image1: IMAGE',
      'images.image2?: IMAGE',
      'images.image3?: IMAGE',
    ]);
    expect(inputsOf(batch({ input: image, names: ['a', 'b'], min: 1 }), {})).toEqual([
      'images.a: IMAGE',
      'images.b?: IMAGE',
    ]);
    expect(inputsOf(batch({ input: image, names: ['a'], min: 1 }, 'optional'), {})).toEqual(['images.a?: IMAGE']);
    expect(inputsOf(batch({ input: image, prefix: 'x', max: 1e9 }), {})).toHaveLength(100);
  });

  it.each([{}, null, { input: {} }, { input: { required: { a: ['INT'] } } }, { prefix: 'x', input: 7, max: -3 }])(
    'B375 are none where the template %j says nothing',
    (template) => {
      expect(inputsOf(batch(template), { images: 1 })).toEqual([]);
    },
  );
});

describe('a pod’s classes', () => {
  const combo = { Pick: { input: { required: { a: ['COMBO', { options: ['x'] }], b: [['x'], {}] } } } };
  const takesAny = (info: unknown) =>
    readCatalog(info)
      .get('Pick')
      ?.inputs.map((input) => input.takesAnyChoice);

  it('B373 take any value of a new style list where the pod is too old to compare it', () => {
    expect(takesAny(combo)).toEqual([true, undefined]);
    expect(takesAny({ ...combo, Newer: { output_matchtypes: null } })).toEqual([undefined, undefined]);
  });
});

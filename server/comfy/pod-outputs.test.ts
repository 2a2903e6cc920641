import { describe, expect, it } from 'vitest';
import { readOutputs } from './pod-outputs.ts';

const file = (filename: string, type = 'output', subfolder = '') => ({ filename, type, subfolder });

describe('the outputs in a history entry', () => {
  it.each(['images', 'gifs', 'video', 'videos', 'audio', '3d', 'latents', 'anything'])(
    'B22 a list of files under %s is read',
    (key) => {
      expect(readOutputs({ '9': { [key]: [file('a.bin', 'output', 'sub')] } }).outputs).toEqual([
        { nodeId: '9', kind: 'file', filename: 'a.bin', subfolder: 'sub', type: 'output' },
      ]);
    },
  );

  it('B22 flags, numbers and paths of the pod beside the files are no results', () => {
    const { outputs, warnings } = readOutputs({
      '9': {
        images: [{ ...file('a.webp'), fullpath: '/pod/output/a.webp', frame_rate: 8 }],
        animated: [true],
        count: [3],
        nested: [[file('no.png')]],
        bare: file('no.png'),
      },
      '10': null,
      '11': [file('no.png')],
    });
    expect(outputs).toEqual([{ nodeId: '9', kind: 'file', filename: 'a.webp', subfolder: '', type: 'output' }]);
    expect(warnings).toEqual([]);
  });

  it('B22 temp files count only where there is no output file, input files only where there is neither', () => {
    const temp = { '1': { images: [file('t.png', 'temp'), file('i.png', 'input')] } };
    const names = (outputs: unknown) =>
      readOutputs(outputs).outputs.map((output) => (output.kind === 'file' ? output.filename : output.text));
    expect(names({ ...temp, '2': { images: [file('o.png')], text: ['words'] } })).toEqual(['o.png', 'words']);
    expect(names(temp)).toEqual(['t.png']);
    expect(names({ '1': { images: [file('i.png', 'input')] } })).toEqual(['i.png']);
  });

  it('B22 the same file is listed once, the same words once a node', () => {
    const { outputs } = readOutputs({
      '1': { images: [file('a.png'), file('a.png')], gifs: [file('a.png')], text: ['x', 'x'] },
      '2': { images: [file('a.png'), file('a.png', 'output', 'sub')], text: ['x'] },
    });
    expect(outputs).toHaveLength(4);
  });

  it('B22 a bare string, which the pod hands out letter by letter, is one text', () => {
    expect(readOutputs({ '1': { text: ['h', 'e', 'y', 'y'] } }).outputs).toEqual([
      { nodeId: '1', kind: 'text', text: 'heyy' },
    ]);
  });

  it('B22 more than 1,000 outputs or 10,000 characters are cut, with a warning', () => {
    const many = readOutputs({ '1': { images: Array.from({ length: 1500 }, (_, at) => file(`${at}.png`)) } });
    expect(many.outputs).toHaveLength(1000);
    expect(many.warnings).toEqual([expect.stringContaining('more than 1000')]);
    const long = readOutputs({ '1': { text: ['ab'.repeat(6000)] } });
    expect(long.outputs).toEqual([{ nodeId: '1', kind: 'text', text: 'ab'.repeat(5000) }]);
    expect(long.warnings).toEqual([expect.stringContaining('10000 characters')]);
  });
});

import { describe, expect, it } from 'vitest';
import { failureRules } from '../../../lib/jobs/failure-rules.ts';
import { classifyFailure } from '../classify.ts';
import { DAMAGED, FILES, MODELS } from './real-messages/files.ts';
import { MEMORY } from './real-messages/memory.ts';
import { DISKS, GPUS, INSTALLATIONS, SERVICES } from './real-messages/pods.ts';
import type { RealMessage } from './real-messages/row.ts';
import { MISMATCHES, NODES, UNKNOWN } from './real-messages/workflows.ts';

const ALL = [
  ...[...MEMORY, ...GPUS, ...DISKS, ...INSTALLATIONS, ...SERVICES],
  ...[...MISMATCHES, ...DAMAGED, ...MODELS, ...FILES, ...NODES, ...UNKNOWN],
];

function sorted({ type, says, node = 'KSampler', inputs = {} }: RealMessage) {
  const data = { node_id: '3', node_type: node, exception_type: type, exception_message: says };
  return classifyFailure({ kind: 'execution', data, prompt: { '3': { class_type: node, inputs } } });
}

describe('what nodes of real pods have failed with', () => {
  it.each(ALL.map((row) => [row.from, row.says.split('\n', 1)[0], row] as const))(
    'B271 %s: %s',
    (_from, _says, row) => {
      const error = sorted(row);
      expect(error).toMatchObject({
        code: row.code,
        category: failureRules[row.code].category,
        nodes: { '3': { classType: row.node ?? 'KSampler' } },
        ...(row.subject !== undefined && { subject: row.subject }),
        ...(row.missing && { missing: [row.missing] }),
      });
      if (row.memory) expect(error.memory).toEqual(row.memory);
      expect(error.message).toMatch(/[.!?…]$/);
    },
  );

  it('B271 more than a hundred and forty of them are known', () => {
    expect(ALL.length).toBeGreaterThan(140);
  });

  it('B271 what is not known keeps its text and is never repeated', () => {
    for (const row of UNKNOWN.filter(({ says }) => says !== '')) {
      const error = sorted(row);
      expect(failureRules[error.code].category).toBe('permanent');
      expect(error.nodes?.['3']?.errors[0]?.message.length).toBeGreaterThan(10);
    }
    expect(sorted({ from: '', type: 'Exception', says: 'the moon is wrong', code: 'unknown_failure' }).message).toBe(
      '“KSampler” (node 3) failed: the moon is wrong.',
    );
  });

  it('B272 numbers of missing memory are told in the sentence, and what a driver miscounted is not', () => {
    const messages = MEMORY.map((row) => sorted(row).message);
    expect(messages[0]).toBe(
      '“KSampler” (node 3) ran out of memory when it asked for 20.0 GiB; 1.2 GiB of 24.0 GiB was free.',
    );
    expect(messages.filter((message) => /asked for/.test(message)).length).toBeGreaterThan(20);
    expect(messages.join()).not.toContain('17179869183');
    expect(sorted({ from: '', type: 'MemoryError', says: '', code: 'out_of_memory' })).not.toHaveProperty('memory');
  });
});

import { describe, expect, it } from 'vitest';
import type { JobProgress } from '../../lib/jobs/progress.ts';
import { ordinal, phaseLine } from './phase-line.ts';

const at = (more: Partial<JobProgress>): JobProgress => ({ promptId: 'p', percent: 0, phase: 'sampling', ...more });

describe('the present moment in a line', () => {
  it.each([
    [at({ phase: 'queued', queuePosition: 1 }), 'Next in the pod’s queue'],
    [at({ phase: 'queued', queuePosition: 3 }), '3rd in the pod’s queue'],
    [at({ node: { id: '5', name: 'KSampler', value: 12, max: 30 } }), 'KSampler 12/30'],
    [at({ node: { id: '6', name: 'VAE Decode', value: 0, max: 1 } }), 'VAE Decode'],
    [at({ phase: 'saving' }), 'Saving'],
  ])('B161 tells node, step or place: %#', (live, text) => expect(phaseLine(live)).toBe(text));

  it('B161 counts places as people do', () => {
    expect([1, 2, 3, 4, 11, 12, 13, 21, 102].map(ordinal).join(' ')).toBe('1st 2nd 3rd 4th 11th 12th 13th 21st 102nd');
  });
});

import { describe, expect, it } from 'vitest';
import { TIMELINE_KINDS } from '../../lib/jobs/job.ts';
import { timelineSentence } from './timeline-sentence.ts';

describe('what happened, in words', () => {
  it('B163 has a sentence of its own for every kind of event and names the pod', () => {
    const sentences = TIMELINE_KINDS.map((kind) => timelineSentence({ kind }, 'studio'));
    expect(new Set(sentences).size).toBe(TIMELINE_KINDS.length);
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z][^_]+$/);
    expect(timelineSentence({ kind: 'running' }, 'studio')).toBe('Studio took the prompt');
    expect(timelineSentence({ kind: 'pod_excluded', podId: 'pod-1' }, 'studio')).toBe(
      'Studio is left out, since it cannot run it',
    );
  });
});

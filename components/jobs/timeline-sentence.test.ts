import { describe, expect, it } from 'vitest';
import { TIMELINE_KINDS } from '../../lib/jobs/job.ts';
import { JOB_ERROR_CODES } from '../../lib/jobs/failure-rules.ts';
import { CAUSES } from './remedy.ts';
import { timelineSentence } from './timeline-sentence.ts';

describe('what happened, in words', () => {
  it('B163 has a sentence of its own for every kind of event and names the pod', () => {
    const sentences = TIMELINE_KINDS.map((kind) => timelineSentence({ kind }, 'studio'));
    expect(new Set(sentences).size).toBe(TIMELINE_KINDS.length);
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z][^_]+$/);
    expect(timelineSentence({ kind: 'running' }, 'studio')).toBe('Studio took the prompt');
  });

  it('B163 says of every error whose fault it was', () => {
    for (const code of JOB_ERROR_CODES) expect(CAUSES[code]).toMatch(/^[A-Z].+\.$/);
  });
});

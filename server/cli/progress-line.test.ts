import { describe, expect, it } from 'vitest';
import { ProgressLine } from './progress-line.ts';

function written(isTTY: boolean) {
  const texts: string[] = [];
  const clock = { ms: 0 };
  const line = new ProgressLine({ isTTY, write: (text: string) => texts.push(text) }, 'jobs', () => clock.ms);
  return { texts, clock, line };
}

describe('a long command’s progress', () => {
  it('B252 is a bar that is drawn over itself on a terminal, at most ten times a second', () => {
    const { texts, clock, line } = written(true);
    for (let done = 0; done <= 500; done += 1) {
      clock.ms = done * 10;
      line.show(done, 500);
    }
    line.end();
    expect(texts.length).toBeLessThanOrEqual(53);
    expect(texts.join('').match(/\n/g)).toHaveLength(1);
    expect(texts.slice(0, -1).every((text) => text.startsWith('\r'))).toBe(true);
    expect(texts.at(-2)).toContain(`${'█'.repeat(30)} 100 %  500 of 500 jobs`);
    expect(texts[11]).toContain('110 of 500 jobs, 4 s left');
  });

  it('B252 is a plain line each tenth where nobody looks at a terminal', () => {
    const { texts, line } = written(false);
    for (let done = 0; done <= 1000; done += 1) line.show(done, 1000);
    line.end();
    expect(texts).toEqual(Array.from({ length: 10 }, (_, index) => `${(index + 1) * 100} of 1000 jobs\n`));
  });

  it('B252 is complete at once where there is nothing to do', () => {
    const [bar, plain] = [written(true), written(false)];
    for (const { line } of [bar, plain]) line.show(0, 0);
    expect(bar.texts.join('')).toContain('100 %');
    expect(plain.texts).toEqual(['0 of 0 jobs\n']);
  });
});

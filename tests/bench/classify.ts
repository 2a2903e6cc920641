import { classifyFailure } from '../../server/comfy/classify.ts';
import { readTape } from '../conformance/tape.ts';
import { compare, type Comparison } from './compare.ts';

const TIMES = 500;

/** Failures of nodes as recorded, with their tracebacks. */
function frames(): string[] {
  return ['error', 'oom', 'cuda'].flatMap((name) =>
    readTape('0.8.0', name).flatMap((row) =>
      row.kind === 'ws' && row.text?.includes('"execution_error"') ? [row.text] : [],
    ),
  );
}

/** What sorting a failure costs beside reading the frame that tells it. */
export async function classifyBench(repeats: number, onRepeat: (done: number) => void): Promise<Comparison> {
  const texts = frames();
  const failures = texts.map((text) => (JSON.parse(text) as { data: unknown }).data);
  const each = <T>(all: readonly T[], work: (one: T) => unknown) => {
    const from = performance.now();
    for (let time = 0; time < TIMES; time += 1) for (const one of all) work(one);
    return Promise.resolve(((performance.now() - from) * 1000) / (TIMES * all.length));
  };
  const comparison = await compare(
    'classify: one failure of a node / JSON.parse of its frame',
    {
      subject: () => each(failures, (data) => classifyFailure({ kind: 'execution', data })),
      baseline: () => each(texts, (text) => JSON.parse(text)),
    },
    { repeats, unit: 'µs', aim: '≤ 20', onRepeat },
  );
  const least = Math.min(...comparison.subject);
  const bytes = Math.round(texts.reduce((sum, text) => sum + text.length, 0) / texts.length);
  return { ...comparison, notes: [`frames of ${bytes} bytes; at best ${Math.round(1e6 / least)} failures a second`] };
}

import * as fc from 'fast-check';
import { existsSync, readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { foldProgress, startProgress, type JobProgress } from '../../lib/jobs/progress.ts';
import { promptSchema, type Prompt } from '../../lib/workflow/prompt.ts';
import { partialWarnings } from '../../server/comfy/failures/refusal.ts';
import { readFrame, type PodFrame } from '../../server/comfy/frames.ts';
import { readHistoryEntry, type HistoryEnd } from '../../server/comfy/prompt-end.ts';
import { parseTolerantJson } from '../../lib/tolerant-json.ts';
import { readTape, type TapeRow } from '../conformance/tape.ts';

const VERSIONS = ['0.3.64', '0.8.0'] as const;
type Version = (typeof VERSIONS)[number];
const RECORDINGS = new URL('../../../shared/comfyui/', import.meta.url);

/** What one accepted prompt of a tape comes to. */
interface Expected {
  /** `unseen`: no frame about it arrived; `below`: its bar moved and stopped under 100. */
  bar: 100 | 'below' | 'unseen';
  /** By history, where the tape reads it: a kind of end, or the error code of a failure. */
  end?: 'succeeded' | 'interrupted' | 'node_failed' | 'out_of_memory' | 'gpu_broken';
  files?: number | Record<Version, number>;
  /** Among the warnings of acceptance and end. */
  warning?: RegExp;
}
const done: Expected = { bar: 100 };
const saved: Expected = { bar: 100, end: 'succeeded', files: 1 };
const unseen: Expected = { bar: 'unseen' };
const below: Expected = { bar: 'below' };
/** The older pod happened to run the failing node first. */
const before = { '0.3.64': 0, '0.8.0': 1 };

/** One row a tape: its accepted prompts in the order of their POST. */
const TAPES: Record<string, Expected[] | Record<Version, Expected[]>> = {
  blocked: [{ ...saved, warning: /PreviewImage.*made no output/ }],
  'busy-post': [{ bar: 'below', end: 'interrupted' }, below],
  cached: [done, saved],
  'cached-without-client-id': {
    '0.3.64': [
      { ...saved, bar: 'unseen' },
      { ...saved, bar: 'unseen' },
    ],
    '0.8.0': [
      { ...saved, bar: 'unseen' },
      { bar: 'unseen', end: 'succeeded', files: 0, warning: /SaveImage.*made no output/ },
    ],
  },
  cuda: [{ bar: 'below', end: 'gpu_broken', files: before }],
  deafened: [{ bar: 'below', end: 'succeeded', files: 1 }],
  'delete-running': [saved],
  'duplicate-delete-pending': [saved],
  'duplicate-prompt-id': [saved],
  error: [{ bar: 'below', end: 'node_failed', files: before }],
  expansion: [saved],
  free: [],
  'interrupt-pending': [done, saved],
  'interrupt-without-body': [below],
  'interrupt-wrong-id': [saved],
  interrupted: [{ bar: 'below', end: 'interrupted' }],
  lazy: [done],
  media: [{ bar: 100, end: 'succeeded', files: 5 }],
  'nan-text': [saved],
  oom: [{ bar: 'below', end: 'out_of_memory', files: before }],
  origin: [],
  partial: [{ ...saved, warning: /left out “SaveImage” \(node 9\).*no-such-file\.png/ }],
  'pending-deleted': [done, unseen],
  previews: [done],
  'previews-flags-late': [done],
  'previews-metadata': [done],
  'prompt-ids': [done, done, done, done, done],
  'queue-clear': [done, unseen, unseen, unseen, unseen],
  reconnect: [saved],
  'reconnect-after-end': [{ bar: 'below', end: 'succeeded', files: 1 }],
  rejected: [],
  restart: [below, unseen, done],
  'same-number': { '0.3.64': [done, done, done, done], '0.8.0': [done, unseen, unseen, unseen] },
  'subgraph-ids': [saved],
  success: [saved],
  'two-in-queue': [done, done],
  upload: [],
};

const postSchema = z.object({ prompt: promptSchema });
const acceptedSchema = z.object({ prompt_id: z.string(), node_errors: z.unknown() });

interface Followed {
  promptId: string;
  prompt: Prompt;
  warnings: string[];
  bars: JobProgress[];
  end: HistoryEnd | undefined;
}

function framesOf(rows: readonly TapeRow[]): PodFrame[] {
  return rows.flatMap((row) => {
    if (row.kind !== 'ws' || row.dir !== 'in') return [];
    if (row.text !== undefined) return readFrame(Buffer.from(row.text), false);
    return readFrame(Buffer.from(row.base64 ?? '', 'base64'), true);
  });
}

function accepted(rows: readonly TapeRow[]): Followed[] {
  const followed = rows.flatMap((row) => {
    if (row.kind !== 'http' || row.method !== 'POST' || row.path !== '/prompt' || row.status !== 200) return [];
    const { prompt } = postSchema.parse(row.requestBody);
    const answer = acceptedSchema.parse(parseTolerantJson(row.body ?? ''));
    return {
      promptId: answer.prompt_id,
      prompt,
      warnings: partialWarnings(answer.node_errors, prompt),
      bars: [],
      end: undefined,
    };
  });
  return followed.filter((one, at) => followed.findIndex(({ promptId }) => promptId === one.promptId) === at);
}

/** Follows every prompt of a tape the way the pod client does: all frames through the fold, the end by history. */
function follow(rows: readonly TapeRow[]): Followed[] {
  return accepted(rows).map((one) => {
    let fold = startProgress(one.promptId, one.prompt);
    const bars = [fold.progress];
    for (const frame of framesOf(rows)) {
      if (frame.kind !== 'event') continue;
      fold = foldProgress(fold, frame.event);
      bars.push(fold.progress);
    }
    const ends = rows.flatMap((row) => {
      if (row.kind !== 'http' || row.method !== 'GET' || row.path !== `/history/${one.promptId}`) return [];
      const entry = z.record(z.string(), z.unknown()).parse(parseTolerantJson(row.body ?? ''))[one.promptId];
      return entry === undefined ? [] : [readHistoryEntry(entry, one.prompt)];
    });
    return { ...one, bars, end: ends.at(-1) };
  });
}

function verdict(end: HistoryEnd | undefined): Expected['end'] | string | undefined {
  return end?.kind === 'failed' ? end.error.code : end?.kind;
}

beforeAll(() => {
  if (!existsSync(RECORDINGS))
    throw new Error('The recordings of real pods are missing: ../shared/comfyui must lie beside the checkout.');
});

describe.each(VERSIONS)('the recordings of ComfyUI %s', (version) => {
  it('B38 all have a row here', () => {
    const names = readdirSync(new URL(`${version}/`, RECORDINGS)).filter((name) => name.endsWith('.jsonl'));
    expect(names.map((name) => name.slice(0, -'.jsonl'.length)).sort()).toEqual(Object.keys(TAPES).sort());
  });

  it.each(Object.entries(TAPES))('B38 %s comes to its right end', (name, row) => {
    const expected = Array.isArray(row) ? row : row[version];
    const followed = follow(readTape(version, name));
    expect(followed).toHaveLength(expected.length);
    for (const [at, one] of followed.entries()) {
      const want = expected[at];
      const percents = one.bars.map((bar) => bar.percent);
      const last = percents.at(-1) ?? 0;
      expect(percents).toEqual(percents.toSorted((a, b) => a - b));
      if (want?.bar === 100) expect(last).toBe(100);
      else expect(last).toBeLessThan(100);
      expect(one.bars.at(-1)?.phase === 'queued').toBe(want?.bar === 'unseen');
      expect(verdict(one.end)).toBe(want?.end);
      const outputs = one.end && 'outputs' in one.end ? one.end.outputs : [];
      const files = typeof want?.files === 'object' ? want.files[version] : (want?.files ?? 0);
      expect(outputs.filter((output) => output.kind === 'file')).toHaveLength(files);
      const warnings = [...one.warnings, ...(one.end?.kind === 'succeeded' ? one.end.warnings : [])];
      if (want?.warning) expect(warnings).toEqual([expect.stringMatching(want.warning)]);
      else expect(warnings).toEqual([]);
    }
  });

  it.each(Object.keys(TAPES))('B36 every frame of %s is understood', (name) => {
    const strange = framesOf(readTape(version, name)).filter((frame) => frame.kind === 'malformed');
    expect(strange).toEqual([]);
  });

  it('B24 a failed run keeps its traceback, its node and what it had saved before', () => {
    const [one] = follow(readTape(version, 'error'));
    if (one?.end?.kind !== 'failed') throw new Error('the recording should end as failed');
    expect(one.end.error).toMatchObject({
      category: 'permanent',
      message: '“ProbeFail” (node 4) failed: probe: this node always fails.',
      exceptionType: 'ValueError',
      traceback: expect.stringContaining('raise ValueError("probe: this node always fails")'),
      nodes: { '4': { classType: 'ProbeFail' } },
    });
  });

  it('B28 the second run of the same prompt, wholly from the cache, ends at 100 with the old file', () => {
    const second = follow(readTape(version, 'cached'))[1];
    expect(second?.bars.at(-1)?.percent).toBe(100);
    expect(second?.bars.some((bar) => bar.phase === 'sampling')).toBe(false);
    expect(second?.end).toMatchObject({ outputs: [{ nodeId: '3', filename: 'tape_00002_.png', type: 'output' }] });
  });

  it('B22 files of every kind are results, previews of type temp are not while there are others', () => {
    const [one] = follow(readTape(version, 'media'));
    const outputs = one?.end && 'outputs' in one.end ? one.end.outputs : [];
    const extensions = outputs.map((output) => (output.kind === 'text' ? 'text' : output.filename.split('.').at(-1)));
    expect(extensions.sort()).toEqual(['flac', 'mp3', 'mp4', 'text', 'webm', 'webp']);
  });

  it('B37 previews name prompt and node only when the pod was asked in time', () => {
    const previews = (name: string) => framesOf(readTape(version, name)).filter((frame) => frame.kind === 'preview');
    for (const name of ['previews', 'previews-flags-late']) {
      expect(previews(name)).toHaveLength(5);
      expect(previews(name).every((frame) => frame.promptId === undefined && frame.image.byteLength > 100)).toBe(true);
    }
    const [one] = accepted(readTape(version, 'previews-metadata'));
    expect(previews('previews-metadata')).toHaveLength(5);
    for (const frame of previews('previews-metadata'))
      expect(frame).toMatchObject({ promptId: one?.promptId, nodeId: '2', contentType: 'image/jpeg' });
  });

  it('B29 an expansion shows under the name of the node a person placed', () => {
    const [one] = follow(readTape(version, 'expansion'));
    const names = new Set(one?.bars.flatMap((bar) => (bar.node ? [bar.node.name] : [])));
    expect([...names]).toEqual(['EmptyImage', 'ProbeExpand', 'SaveImage']);
    const percents = one?.bars.map((bar) => bar.percent) ?? [];
    expect(new Set(percents).size).toBeGreaterThan(8);
  });

  it('B30 a branch that never runs does not hold the bar back', () => {
    const [one] = follow(readTape(version, 'lazy'));
    const atSave = one?.bars.find((bar) => bar.node?.name === 'SaveImage');
    expect(atSave?.percent).toBeGreaterThan(90);
  });

  it('B433 B435 nodes come from the cache, run inside a subgraph, expand, and are left out', () => {
    const nodesOf = (name: string, at = 0) => {
      const told = follow(readTape(version, name))[at]?.bars.map((bar) => bar.nodes ?? '') ?? [];
      return { told: [...new Set(told)], last: told.at(-1) };
    };
    expect(nodesOf('cached', 1).last).toBe('ccc');
    expect(nodesOf('subgraph-ids').told).toEqual(['', 'r--', 'd--', 'dr-', 'dd-', 'ddr', 'ddd']);
    expect(nodesOf('expansion').told).toEqual(['', 'r--', 'd--', 'dr-', 'dd-', 'ddr', 'ddd']);
    // Nodes 1, 2, 3, 6 and 7: the last takes what 2 makes and leaves 6 out.
    expect(nodesOf('lazy').last).toBe('dddnd');
    expect(nodesOf('lazy').told.some((letters) => letters.includes('n') && letters !== 'dddnd')).toBe(false);
    expect(nodesOf('error').last).toMatch(/r/);
  });

  it('B31 shuffled, doubled and cut short, the frames of no tape make a bar fall or end before its time', () => {
    const names = Object.keys(TAPES).filter((name) => name !== 'rejected');
    const tapes = names.map((name) => {
      const rows = readTape(version, name);
      const events = framesOf(rows).flatMap((frame) => (frame.kind === 'event' ? [frame.event] : []));
      return { prompts: accepted(rows), events };
    });
    fc.assert(
      fc.property(fc.constantFrom(...tapes), fc.infiniteStream(fc.nat()), ({ prompts, events }, random) => {
        const pick = () => random.next().value as number;
        const disorder = [...events, ...events].filter(() => pick() % 4 > 0).toSorted(() => (pick() % 2) - 0.5);
        for (const { promptId, prompt } of prompts) {
          let fold = startProgress(promptId, prompt);
          let reported = false;
          for (const event of disorder) {
            const held = fold.progress.percent;
            fold = foldProgress(fold, event);
            reported ||= event.type === 'execution_success' && event.data.prompt_id === promptId;
            expect(fold.progress.percent).toBeGreaterThanOrEqual(held);
            expect(fold.progress.percent === 100).toBe(reported);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});

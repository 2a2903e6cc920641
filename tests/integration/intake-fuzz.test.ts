import { readdirSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Intake } from '../../lib/workflow/intake/intake.ts';
import { readWorkflowFile } from '../../lib/workflow/intake/read-workflow-file.ts';
import { readWorkflowText, readWorkflowValue } from '../../lib/workflow/intake/read-workflow-value.ts';
import * as media from '../support/media-files.ts';

/** Failures of fast-check print seed and path. */
const FILES = new URL('../../../shared/comfyui/files/', import.meta.url);
const workflow = readFileSync(new URL('workflow.json', FILES), 'utf8');
const originals: Uint8Array[] = readdirSync(FILES).map((name) => new Uint8Array(readFileSync(new URL(name, FILES))));

const MAX_BYTES_READ = 97 * 1024 * 1024;
const MAX_MS = 10_000;

beforeAll(async () => {
  const short = JSON.stringify({ nodes: [{ id: 1, type: 'A' }], links: [] });
  const picture = sharp({ create: { width: 32, height: 32, channels: 3, background: 'teal' } });
  const tagged = picture.withExif({ IFD0: { Make: `workflow:${short}` } });
  for (const format of ['avif', 'jpeg', 'png', 'webp'] as const)
    originals.push(new Uint8Array(await tagged.clone().toFormat(format).toBuffer()));
  originals.push(
    media.mp3(3, media.id3Frame(3, 'TXXX', media.join([1, 0xff, 0xfe], Buffer.from(`workflow\0${short}`, 'utf16le')))),
    media.glb({ asset: { extras: { workflow: short } } }),
    media.safetensors({ __metadata__: { workflow: short } }),
    Buffer.from(`<svg><metadata><![CDATA[{"workflow": ${short}}]]></metadata></svg>`),
  );
});

type Mutation =
  | { kind: 'flip' | 'zero' | 'huge' | 'small' | 'random'; at: number; value: number }
  | { kind: 'cut' | 'drop' | 'repeat' | 'swap'; at: number; length: number };

const place = fc.oneof(
  fc.nat(2000).map((at) => -1 - at),
  fc.double({ min: 0, max: 0.999, noNaN: true }),
);
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('flip' as const, 'zero' as const, 'huge' as const, 'small' as const, 'random' as const),
    at: place,
    value: fc.nat(0xffff_ffff),
  }),
  fc.record({
    kind: fc.constantFrom('cut' as const, 'drop' as const, 'repeat' as const, 'swap' as const),
    at: place,
    length: fc.nat(600),
  }),
);

/** Below zero a place counts from the beginning, where the structure is; else it is a share of the file. */
function mutated(bytes: Uint8Array, step: Mutation): Uint8Array {
  const at = Math.min(bytes.length, step.at < 0 ? -1 - step.at : Math.floor(step.at * bytes.length));
  if ('length' in step) {
    const behind = bytes.subarray(at + step.length);
    if (step.kind === 'cut') return bytes.slice(0, at);
    if (step.kind === 'drop') return media.join(bytes.subarray(0, at), behind);
    if (step.kind === 'repeat') return media.join(bytes.subarray(0, at), bytes.subarray(Math.max(0, at - step.length)));
    return media.join(bytes.subarray(at, at + step.length), bytes.subarray(0, at), behind);
  }
  const copy = bytes.slice();
  const word = { flip: 0, zero: 0, huge: 0xffff_ffff, small: step.value % 9, random: step.value }[step.kind];
  if (step.kind === 'flip') copy[at] = (copy[at] ?? 0) ^ (1 << (step.value % 8));
  else for (const [index, byte] of media.u32(word, step.value % 2 === 0).entries()) copy[at + index] = byte;
  return copy;
}

function expectSound(intake: Intake): void {
  // An error that nobody foresaw would be told as a file that is away.
  expect(JSON.stringify(intake.ok ? intake.found.notes : intake.message)).not.toContain('its disk is away');
  if (intake.ok) {
    const { editor, prompt } = intake.found;
    expect(editor !== undefined || prompt !== undefined).toBe(true);
    for (const node of Object.values(prompt ?? {})) expect(typeof node.class_type).toBe('string');
  } else expect(intake.message).toMatch(/\.$/);
}

describe('what no file can do', () => {
  it('B356 break, hang or overload the intake, however it is damaged', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(100), fc.array(mutation, { minLength: 1, maxLength: 8 }), async (index, mutations) => {
        const original = originals[index % originals.length] ?? media.join();
        const source = media.memorySource(mutations.reduce(mutated, original));
        const startedAt = performance.now();
        expectSound(await readWorkflowFile(source));
        expect(performance.now() - startedAt).toBeLessThan(MAX_MS);
        expect(source.bytesRead).toBeLessThan(MAX_BYTES_READ);
      }),
      { numRuns: 6000 },
    );
  });

  it('B356 nor can bytes at random behind the first bytes of any kind', async () => {
    const kinds = [
      '\x89PNG\r\n\x1a\n',
      '\xff\xd8\xff\xe1',
      'RIFF\xff\xff\0\0WEBP',
      '\0\0\0\x08ftypavif',
      '\0\0\0\x08ftypisom',
    ];
    const more = [
      '\x1a\x45\xdf\xa3',
      'fLaC',
      'ID3\x03\0\0',
      'ID3\x04\0\xff',
      'OggS',
      'glTF',
      '\x20\0\0\0\0\0\0\0{',
      'MM\0*',
      '{"',
      '<svg',
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...kinds, ...more), fc.uint8Array({ maxLength: 400 }), async (start, rest) => {
        expectSound(await readWorkflowFile(media.memorySource(media.join(start, rest))));
      }),
      { numRuns: 4000 },
    );
  });

  it('B356 nor can a text that was changed, or any JSON with the words of a workflow', () => {
    const edit = fc.record({
      at: fc.nat(workflow.length),
      drop: fc.nat(20),
      put: fc.constantFrom('', '{', '[', '"', ',', 'null', '-1e999', 'NaN', '\\u0000'),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        const text = edits.reduce((all, { at, drop, put }) => all.slice(0, at) + put + all.slice(at + drop), workflow);
        expectSound(readWorkflowText(text));
      }),
      { numRuns: 1500 },
    );
    const word = fc.constantFrom(
      'nodes',
      'links',
      'id',
      'type',
      'class_type',
      'inputs',
      'prompt',
      'workflow',
      'extra_data',
      'extra_pnginfo',
      'definitions',
      'subgraphs',
      'queue_running',
      'queue_pending',
      'output',
      '1',
      '__proto__',
      'constructor',
    );
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 6, withCrossShrink: true },
        fc.constantFrom<unknown>(null, 0, -1, 1.5, '', 'A', true),
        tie('object'),
        tie('list'),
      ),
      list: fc.array(tie('value'), { maxLength: 5 }),
      object: fc.array(fc.tuple(word, tie('value')), { maxLength: 6 }).map((entries) => Object.fromEntries(entries)),
    })).value;
    fc.assert(
      fc.property(value, (one) => {
        expectSound(readWorkflowValue(one));
        expectSound(readWorkflowText(JSON.stringify(one)));
      }),
      { numRuns: 5000 },
    );
  });

  it('B356 nor can nesting, in any format that nests', async () => {
    const nested = (wrap: (inner: Uint8Array) => Uint8Array, levels: number) => {
      let bytes = media.join();
      for (let level = 0; level < levels; level += 1) bytes = wrap(bytes);
      return bytes;
    };
    const boxes = nested((inner) => media.box('moov', media.box('udta', media.box('meta', inner))), 300);
    const tags = nested((inner) => media.element(0x1254c367, media.element(0x7373, media.element(0x67c8, inner))), 300);
    const loop = media.join(
      'MM\0*',
      media.u32(8),
      [0, 1],
      [0x87, 0x69, 0, 4],
      media.u32(1),
      media.u32(8),
      media.u32(0),
    );
    for (const bytes of [
      media.join(media.box('ftyp', 'isom'), boxes),
      media.join(media.EBML_HEADER, media.element(0x18538067, tags)),
      media.webp(loop),
      Buffer.from('{"a":'.repeat(500_000)),
      Buffer.from('['.repeat(5_000_000)),
    ])
      expectSound(await readWorkflowFile(media.memorySource(bytes)));
  });
});

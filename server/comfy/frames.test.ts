import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFrame } from './frames.ts';

function binary(kind: number, second: number, ...parts: (string | Uint8Array)[]): Uint8Array {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(kind, 0);
  head.writeUInt32BE(second, 4);
  return Buffer.concat([head, ...parts.map((part) => Buffer.from(part))]);
}
function text(value: unknown): Uint8Array {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
}
const image = Uint8Array.from([0xff, 0xd8, 0xff, 1, 2, 3]);

describe('text frames', () => {
  it('B21 an event of a known type is read, unknown fields left out', () => {
    const frame = readFrame(text({ type: 'execution_start', data: { prompt_id: 'p', timestamp: 1 }, more: 1 }), false);
    expect(frame).toEqual({ kind: 'event', event: { type: 'execution_start', data: { prompt_id: 'p' } } });
  });

  it('B36 a number that is NaN is left out and the rest of the event counts', () => {
    const frame = readFrame(
      text(
        '{"type": "progress_state", "data": {"prompt_id": "p", "nodes": {"1": {"state": "running", "value": NaN, "max": Infinity}, "2": {"state": "finished", "value": 1.0, "max": 1.0}}}}',
      ),
      false,
    );
    expect(frame).toMatchObject({
      kind: 'event',
      event: { data: { nodes: { '1': { state: 'running', value: null }, '2': { value: 1, max: 1 } } } },
    });
  });

  it('B21 a type Podium does not use is no damage, a known type of another shape is', () => {
    expect(readFrame(text({ type: 'crystools.monitor', data: {} }), false)).toEqual({ kind: 'other' });
    expect(readFrame(text({ type: 'progress_state', data: { nodes: [] } }), false).kind).toBe('malformed');
    expect(readFrame(text('<html>'), false).kind).toBe('malformed');
    expect(readFrame(text('[1]'), false).kind).toBe('malformed');
  });

  it('B21 a text frame above 32 MB is not even parsed', () => {
    expect(readFrame(Buffer.alloc(33 * 1024 * 1024, 0x20), false)).toMatchObject({ kind: 'malformed' });
  });
});

describe('binary frames', () => {
  it('B37 kind 1 is a JPEG or PNG that names nobody', () => {
    expect(readFrame(binary(1, 1, image), true)).toEqual({
      kind: 'preview',
      contentType: 'image/jpeg',
      image: Buffer.from(image),
    });
    expect(readFrame(binary(1, 2, image), true)).toMatchObject({ contentType: 'image/png' });
    expect(readFrame(binary(1, 7, image), true)).toEqual({ kind: 'other' });
  });

  it('B37 kind 4 ties its image to prompt and node', () => {
    const metadata = JSON.stringify({ prompt_id: 'p', node_id: '12:3', image_type: 'image/png', extra: 1 });
    expect(readFrame(binary(4, metadata.length, metadata, image), true)).toEqual({
      kind: 'preview',
      contentType: 'image/png',
      promptId: 'p',
      nodeId: '12:3',
      image: Buffer.from(image),
    });
  });

  it('B21 kind 3 is a text of a node, cut to 10,000 characters', () => {
    expect(readFrame(binary(3, 2, '12', 'grüße'), true)).toEqual({ kind: 'text', nodeId: '12', text: 'grüße' });
    expect(readFrame(binary(3, 2, '12', 'ü'.repeat(50_000)), true)).toMatchObject({ text: 'ü'.repeat(10_000) });
  });

  it('B21 a length that reaches beyond the frame, no image and no header are damage', () => {
    expect(readFrame(binary(4, 100, '{}'), true).kind).toBe('malformed');
    expect(readFrame(binary(3, 0xffffffff, '12'), true).kind).toBe('malformed');
    expect(readFrame(binary(4, 2, 'no', image), true).kind).toBe('malformed');
    expect(readFrame(binary(1, 1), true).kind).toBe('malformed');
    expect(readFrame(Uint8Array.from([0, 0, 0, 1]), true).kind).toBe('malformed');
    expect(readFrame(binary(9, 1, image), true)).toEqual({ kind: 'other' });
  });

  it('B21 a frame that lies inside a larger buffer is read from its own place', () => {
    const whole = Buffer.concat([Buffer.alloc(5, 0xaa), binary(1, 1, image)]);
    expect(readFrame(whole.subarray(5), true)).toMatchObject({ image: Buffer.from(image) });
  });
});

describe('any bytes', () => {
  it('B21 never break the reader', () => {
    const kinds = ['event', 'preview', 'text', 'other', 'malformed'];
    const header = fc.tuple(fc.integer({ min: 0, max: 5 }), fc.oneof(fc.integer({ min: 0, max: 40 }), fc.nat()));
    const likely = fc
      .tuple(header, fc.uint8Array({ maxLength: 60 }))
      .map(([[kind, second], rest]) => binary(kind, second, rest));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), likely), fc.boolean(), (bytes, isBinary) => {
        expect(kinds).toContain(readFrame(bytes, isBinary).kind);
      }),
      { numRuns: 3000 },
    );
  });

  it('B21 nor does any JSON', () => {
    const types = ['status', 'executing', 'progress', 'progress_state', 'executed', 'execution_error', 'x'];
    const envelope = fc.record({ type: fc.constantFrom(...types), data: fc.jsonValue() });
    fc.assert(
      fc.property(fc.oneof(envelope, fc.jsonValue()), (value) => {
        expect(['event', 'other', 'malformed']).toContain(readFrame(text(JSON.stringify(value)), false).kind);
      }),
      { numRuns: 1000 },
    );
  });
});

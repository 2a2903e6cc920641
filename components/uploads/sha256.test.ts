import { createHash, randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Sha256 } from './sha256.ts';

const expected = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('SHA-256 in pieces', () => {
  it('B404 is that of Node for every length around its blocks', () => {
    for (let length = 0; length <= 260; length += 1) {
      const bytes = randomBytes(length);
      expect(new Sha256().update(bytes).hex(), String(length)).toBe(expected(bytes));
    }
  });

  it('B404 does not depend on where the pieces are cut', () => {
    const cut = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 12 });
    fc.assert(
      fc.property(cut, (pieces) => {
        const hash = new Sha256();
        for (const piece of pieces) hash.update(piece);
        expect(hash.hex()).toBe(expected(Buffer.concat(pieces)));
      }),
    );
  });
});

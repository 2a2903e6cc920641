import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import * as errors from './errors.ts';
import * as jobs from './jobs.ts';
import * as pods from './pods.ts';
import * as socket from './socket.ts';
import { WIRE_VERSION } from './version.ts';

/** SHA-256 of all schemas of the wire, by version. A version that was released keeps its line. */
const PINNED: Record<number, string> = {
  1: '5fdea4db8fb4061a7ff34454c2d57d9f4341dcde8e98ee5fd26976387bd59540',
  2: '9b003244d7dc994945b824f8f084c4d44af11aa38795e729a928f303874b00f0',
  3: '69762ce3fa918ebdaf14d02c69a6ec3017237dcdf8d925da065bb9e30574a6d1',
};

/** Every exported schema as JSON Schema, keys in order, so that moving code about changes nothing. */
function wireHash(): string {
  const schemas = Object.entries({ ...errors, ...jobs, ...pods, ...socket })
    .flatMap(([name, value]) =>
      value instanceof z.ZodType ? [[name, z.toJSONSchema(value, { unrepresentable: 'any', io: 'input' })]] : [],
    )
    .toSorted(([a], [b]) => String(a).localeCompare(String(b)));
  return createHash('sha256').update(JSON.stringify(schemas, inOrder)).digest('hex');
}

function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => a.localeCompare(b)));
}

describe('the wire', () => {
  it('B9 changes only together with its version', () => {
    expect(
      wireHash(),
      'The schemas of lib/protocol changed: raise WIRE_VERSION and pin the new hash under it, or undo the change.',
    ).toBe(PINNED[WIRE_VERSION]);
  });
});

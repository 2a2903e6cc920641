import { describe, expect, it } from 'vitest';
import type { InstanceView, SystemView } from '../../lib/protocol/system.ts';
import { storeSentence } from './store-sentence.ts';

const one: InstanceView = { id: 'a', name: 'studio', version: '1', startedAt: '', podIds: [], self: true };
const store: SystemView['store'] = { kind: 'sqlite', available: true, warnings: [] };

describe('the store in a sentence', () => {
  it('B238 tells where jobs are kept and how many instances use it', () => {
    expect(storeSentence({ store, instances: [one] })).toBe('Jobs are kept in SQLite, used by this Podium alone.');
    expect(storeSentence({ store: { ...store, kind: 'redis' }, instances: [one, { ...one, id: 'b' }] })).toBe(
      'Jobs are kept in Redis, shared by 2 instances of Podium.',
    );
  });

  it('B238 says what goes on while the store is away', () => {
    expect(storeSentence({ store: { ...store, kind: 'redis', available: false }, instances: [one] })).toBe(
      'Redis does not answer. Nothing new is accepted until it does; jobs on pods are still followed.',
    );
  });
});

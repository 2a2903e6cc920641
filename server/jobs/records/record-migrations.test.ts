import { describe, expect, it } from 'vitest';
import { migrateRecord, type RecordStep } from './record-migrations.ts';

describe('records of older versions', () => {
  const steps: Record<number, RecordStep> = {
    0: (record) => ({ ...Object(record), name: Object(record).title }),
    1: (record) => ({ ...Object(record), tags: [] }),
  };

  it('B200 go through every step to this version, and those of this version through none', () => {
    expect(migrateRecord({ title: 'fox' }, 0, steps, 2)).toEqual({ title: 'fox', name: 'fox', tags: [] });
    expect(migrateRecord({ name: 'fox' }, 1, steps, 2)).toEqual({ name: 'fox', tags: [] });
    expect(migrateRecord({ name: 'fox' }, 2, steps, 2)).toEqual({ name: 'fox' });
    expect(migrateRecord(undefined, 0, {}, 2)).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { RecentMap } from './recent-map.ts';

describe('a map of recent things', () => {
  it('B264 keeps the newest ones and those set anew, and never more than twice as many', () => {
    const map = new RecentMap<number, string>(100);
    for (let key = 0; key < 1000; key += 1) {
      map.set(key, `v${key}`);
      map.set(-1, `again at ${key}`);
    }
    expect(map.get(-1)).toBe('again at 999');
    for (let key = 901; key < 1000; key += 1) expect(map.get(key)).toBe(`v${key}`);
    expect(Array.from({ length: 1000 }, (_, key) => map.get(key)).filter(Boolean).length).toBeLessThanOrEqual(200);
  });

  it('B264 gives the newest value and forgets what was deleted', () => {
    const map = new RecentMap<string, number>(2);
    map.set('a', 1);
    for (const key of ['b', 'c', 'd']) map.set(key, 0);
    map.set('a', 2);
    expect(map.get('a')).toBe(2);
    map.delete('a');
    expect(map.get('a')).toBeUndefined();
    map.set('e', 3);
    map.clear();
    expect(map.get('e')).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { createMarkStore } from './mark-store.ts';
import { drawnNodeOf, marksOfDrawn, type NodeMark, type NodeState } from './node-marks.ts';

const drawn = new Set(['1', '12', '12:34']);
const together = (...states: NodeState[]) =>
  marksOfDrawn(new Set(['7']), new Map(states.map((state, at) => [`7:${at}`, { state }]))).get('7');

describe('the marks of what is drawn', () => {
  it('B437 stand on the node itself, else on the nearest it is inside of', () => {
    const at = (id: string) => drawnNodeOf(id, (held) => drawn.has(held));
    expect(['1', '12:34', '12:35', '12:34:5', '1.0.0.7', '9', '9:1', ':1'].map(at)).toEqual([
      '1',
      '12:34',
      '12',
      '12:34',
      '1',
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('B437 of a subgraph are what its nodes come to together', () => {
    expect(together('done', 'failed', 'running')).toEqual({ state: 'failed' });
    expect(together('done', 'waiting')).toEqual({ state: 'waiting' });
    expect(together('done', 'cached', 'not_run')).toEqual({ state: 'done' });
    expect(together('cached', 'not_run')).toEqual({ state: 'cached' });
    expect(together('not_run')).toEqual({ state: 'not_run' });
  });

  it('B437 count a subgraph’s bar over all its nodes', () => {
    const parts: [string, NodeMark][] = [
      ['12:1', { state: 'done' }],
      ['12:2', { state: 'running', part: 0.5 }],
      ['12:3', { state: 'cached' }],
      ['12:4', { state: 'waiting' }],
    ];
    expect(marksOfDrawn(drawn, new Map(parts)).get('12')).toEqual({ state: 'running', part: 0.625 });
  });
});

describe('the store of marks', () => {
  it('B441 tells only the nodes of which something has changed', () => {
    const store = createMarkStore();
    const told: string[] = [];
    for (const id of ['1', '2', '3']) store.subscribe(id, () => told.push(id));
    store.set(new Map([['1', { state: 'waiting' }]]), undefined);
    const held = store.markOf('1');
    const next = new Map<string, NodeMark>([
      ['1', { state: 'waiting' }],
      ['2', { state: 'running', part: 0.5 }],
    ]);
    store.set(next, '3');
    expect(told).toEqual(['1', '2', '3']);
    expect(store.markOf('1')).toBe(held);
    expect([store.isShown('3'), store.isShown('2')]).toEqual([true, false]);
    store.set(new Map(), '2');
    expect(told.slice(3)).toEqual(['1', '2', '3', '2']);
  });

  it('B441 tells nobody who has gone', () => {
    const store = createMarkStore();
    const told: string[] = [];
    const stop = store.subscribe('1', () => told.push('1'));
    stop();
    store.set(new Map([['1', { state: 'done' }]]), undefined);
    expect(told).toEqual([]);
  });
});

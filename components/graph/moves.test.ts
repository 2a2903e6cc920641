import { describe, expect, it } from 'vitest';
import { isInView } from './moves.ts';

describe('what can be seen of the graph', () => {
  const view = { x: -100, y: 0, zoom: 0.5, width: 400, height: 300 };
  const node = { x: 200, y: 0, width: 100, height: 100 };

  it('B442 is a node that lies whole within the frame, at the zoom there is', () => {
    expect(isInView(node, view)).toBe(true);
    expect(isInView({ ...node, x: 901 }, view)).toBe(false);
    expect(isInView({ ...node, x: 199 }, view)).toBe(false);
    expect(isInView({ ...node, y: 501 }, view)).toBe(false);
    expect(isInView(node, { ...view, zoom: 4 })).toBe(false);
  });
});

import { blend } from './colour.ts';
import { round, type Canvas } from './canvas.ts';

const BLOSSOMS: [string, string][] = [
  ['#8d6bd1', '#c9a7f2'],
  ['#e0506a', '#ff9d9d'],
  ['#f2c14e', '#fff0b3'],
];

/** Grass and flowers that grow towards the viewer, from `top` down. */
export function meadow(canvas: Canvas, top: number): string {
  const { palette, width, random } = canvas;
  const [deep, bright] = BLOSSOMS[Math.floor(random() * BLOSSOMS.length)] ?? ['#8d6bd1', '#c9a7f2'];
  const dim = palette.mood === 'night' ? 0.55 : 0.08;
  const rows = Array.from({ length: 15 }, (_, row) => {
    const depth = row / 14;
    const y = top + depth ** 1.5 * (1000 - top);
    const flowers = Array.from({ length: 90 - Math.round(depth * 50) }, () => {
      const size = 1.6 + depth * 10 * (0.6 + random() * 0.6);
      const colour = blend(random() < 0.62 ? deep : bright, palette.near, dim + (1 - depth) * 0.12);
      const x = random() * width;
      const up = y + (random() - 0.5) * (10 + depth * 46);
      return `<ellipse cx="${round(x)}" cy="${round(up)}" rx="${round(size * 0.8)}" ry="${round(size)}" fill="${colour}"/>`;
    });
    const blades = Array.from({ length: 46 }, () => {
      const x = random() * width;
      const high = 6 + depth * 46 * (0.5 + random());
      return `M${round(x)} ${round(y + 16)} q${round((random() - 0.5) * high * 0.4)} ${round(-high * 0.6)} ${round((random() - 0.5) * high * 0.7)} ${round(-high)}`;
    });
    const stem = blend('#3f7a45', palette.near, 0.25 + dim * 0.7);
    return `<path d="${blades.join(' ')}" fill="none" stroke="${stem}" stroke-width="${round(1 + depth * 2.4)}" stroke-linecap="round"/>${flowers.join('')}`;
  });
  return rows.join('');
}

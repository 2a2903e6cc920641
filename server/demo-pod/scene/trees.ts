import { blend, lighten } from './colour.ts';
import { points, round, type Canvas } from './canvas.ts';
import { haze } from './land.ts';

/** A spruce with its foot at `x`, `y`. */
export function conifer(canvas: Canvas, x: number, y: number, height: number, colour: string): string {
  const { random } = canvas;
  const tiers = 7 + Math.floor(random() * 3);
  const width = height * (0.17 + random() * 0.06);
  const left: [number, number][] = [];
  const right: [number, number][] = [];
  for (let tier = 1; tier <= tiers; tier += 1) {
    const part = tier / tiers;
    const at = y - height + height * 0.94 * part;
    const reach = width * part ** 0.85 * (0.88 + random() * 0.24);
    left.push([x - reach, at + random() * 4], [x - reach * 0.45, at - height * 0.025]);
    right.push([x + reach, at + random() * 4], [x + reach * 0.45, at - height * 0.025]);
  }
  const trunk: [number, number][] = [
    [x + width * 0.1, y],
    [x - width * 0.1, y],
  ];
  return `<polygon fill="${colour}" points="${points([[x, y - height], ...right, ...trunk, ...left.toReversed()])}"/>`;
}

/** Rows of spruces, each nearer, larger and darker, with haze between them. */
export function forest(canvas: Canvas, from: number, rows: number): string {
  const { palette, width, random, noise } = canvas;
  const snow = palette.mood === 'winter';
  return Array.from({ length: rows }, (_, row) => {
    const depth = (row + 0.6) / rows;
    const foot = from + (1000 - from) * (row / rows) ** 1.15 * 1.06 + 46;
    const height = 62 + 190 * depth ** 1.6;
    const colour = blend(blend(palette.far, palette.sky[3], 0.2), palette.near, depth);
    const floor = (x: number): number => foot + noise(x / 260, row * 9, 2) * 60 - 30;
    const trees: string[] = [];
    const gap = height * 0.2;
    for (let x = -40; x < width + 40; x += gap * (0.7 + random() * 0.8)) {
      const y = floor(x);
      const clearing = row === rows - 1 && Math.abs(x - width / 2) < width * 0.24;
      if (clearing) continue;
      const tint = snow && random() < 0.5 ? lighten(colour, 0.22) : colour;
      trees.push(conifer(canvas, x, y, height * (0.62 + random() * 0.6), tint));
    }
    const line: [number, number][] = [];
    for (let x = -10; x <= width + 10; x += 10) line.push([x, floor(x) - 3]);
    const ground = `<polygon fill="${colour}" points="${points([...line, [width + 10, 1010], [-10, 1010]])}"/>`;
    return (
      trees.join('') +
      ground +
      (row < rows - 1 ? haze(canvas, foot - 6, 130, palette.mood === 'mist' ? 0.75 : 0.42) : '')
    );
  }).join('');
}

/** A lone broad tree on the ground at `x`, `y`. */
export function broadTree(canvas: Canvas, x: number, y: number, height: number): string {
  const { random, palette, sun } = canvas;
  const warm = palette.mood === 'sunset' || palette.mood === 'dawn';
  const leaf = blend(palette.near, warm ? '#b5482f' : '#2f6b46', palette.mood === 'night' ? 0.15 : 0.4);
  const side = sun.x < x ? -1 : 1;
  const puff = (light: boolean): string => {
    const angle = random() * Math.PI * 2;
    const reach = random() ** 0.6 * height * (light ? 0.2 : 0.28);
    const cx = x + Math.cos(angle) * reach * 1.25 + (light ? side * height * 0.07 : 0);
    const cy = y - height * 0.68 + Math.sin(angle) * reach * 0.75 - (light ? height * 0.05 : 0);
    const radius = height * (light ? 0.03 + random() * 0.035 : 0.07 + random() * 0.06);
    return `<circle cx="${round(cx)}" cy="${round(cy)}" r="${round(radius)}"/>`;
  };
  const dark = Array.from({ length: 46 }, () => puff(false)).join('');
  const bright = Array.from({ length: 34 }, () => puff(true)).join('');
  const w = height * 0.035;
  const trunk = `<path fill="${palette.near}" d="M${round(x - w * 1.6)} ${round(y + 6)} Q${round(x - w * 0.6)} ${round(y - height * 0.2)} ${round(x - w * 0.7)} ${round(y - height * 0.6)} H${round(x + w * 0.7)} Q${round(x + w * 0.6)} ${round(y - height * 0.2)} ${round(x + w * 1.8)} ${round(y + 6)} Z"/>`;
  return `${trunk}<g fill="${leaf}">${dark}</g><g fill="${blend(leaf, palette.glow, 0.4)}" opacity="0.5">${bright}</g>`;
}

import { blend, darken, lighten } from './colour.ts';
import { gradient, points, round, type Canvas } from './canvas.ts';

/** One silhouette of hills across the picture, hazy at its foot. `depth` is 0 far away and 1 near by. */
export function ridge(
  canvas: Canvas,
  shape: { base: number; height: number; scale: number; row: number; depth: number; rough?: number },
): string {
  const { palette, width, noise } = canvas;
  const colour = blend(palette.far, palette.near, shape.depth);
  const foot = blend(colour, palette.sky[3], 0.42 * (1 - shape.depth * 0.8));
  const fill = gradient(canvas, [
    { at: 0, colour },
    { at: 1, colour: foot },
  ]);
  const line: [number, number][] = [];
  for (let x = -10; x <= width + 10; x += 5) {
    const height = noise((x / 1000) * shape.scale + shape.row * 13.7, shape.row * 5.3, shape.rough ?? 5);
    line.push([x, shape.base - shape.height * (height * 1.7 - 0.35)]);
  }
  return `${fill.def}<polygon fill="url(#${fill.id})" points="${points([...line, [width + 10, 1010], [-10, 1010]])}"/>`;
}

/** A peak with a lit and a shaded side, and snow where `snow` is above 0. */
export function peak(
  canvas: Canvas,
  at: { x: number; base: number; height: number; depth: number; snow: number },
): string {
  const { palette, random, sun } = canvas;
  const half = at.height * (0.85 + random() * 0.35);
  const top = at.base - at.height;
  const colour = blend(palette.far, palette.near, at.depth);
  const lit = blend(lighten(colour, 0.14), palette.glow, 0.2);
  const shade = darken(colour, 0.2);
  const foot = blend(colour, palette.sky[3], 0.5);
  const left = jagged(canvas, [at.x, top], [at.x - half, at.base]);
  const right = jagged(canvas, [at.x, top], [at.x + half, at.base]);
  const spine = jagged(canvas, [at.x, top], [at.x + half * 0.16, at.base], 0.14);
  const sunLeft = sun.x < at.x;
  const face = (side: [number, number][], bright: boolean): string => {
    const fill = gradient(canvas, [
      { at: 0, colour: bright ? lit : shade },
      { at: 1, colour: foot },
    ]);
    return `${fill.def}<polygon fill="url(#${fill.id})" points="${points([...side, ...spine.toReversed()])}"/>`;
  };
  const faces = face(left, sunLeft) + face(right, !sunLeft);
  if (at.snow <= 0) return faces;
  const cap = (side: [number, number][], bright: boolean): string => {
    const depth = Math.max(2, Math.round(side.length * at.snow));
    const edge = side.slice(0, depth);
    const inner = spine.slice(0, Math.max(2, Math.round(depth * 0.8)));
    const last = edge.at(-1) ?? [at.x, top];
    const teeth: [number, number][] = [0.25, 0.5, 0.75].map((part, index) => {
      const end = inner.at(-1) ?? [at.x, top];
      return [
        last[0] + (end[0] - last[0]) * part,
        last[1] + (end[1] - last[1]) * part + (index % 2 ? -1 : 1) * at.height * 0.05,
      ];
    });
    const snow = bright ? blend('#ffffff', palette.glow, 0.22) : blend('#dfe9f7', palette.far, 0.45);
    return `<polygon fill="${snow}" points="${points([...edge, ...teeth, ...inner.toReversed()])}"/>`;
  };
  return faces + cap(left, sunLeft) + cap(right, !sunLeft);
}

function jagged(canvas: Canvas, from: [number, number], to: [number, number], wild = 0.07): [number, number][] {
  const steps = 22;
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  return Array.from({ length: steps + 1 }, (_, at) => {
    const part = at / steps;
    const off = at === 0 || at === steps ? 0 : (canvas.random() - 0.5) * length * wild * (0.35 + part * 0.65);
    return [from[0] + (to[0] - from[0]) * part + off, from[1] + (to[1] - from[1]) * part + off * 0.35];
  });
}

/** Soft dunes with a sharp crest, lit from the sun's side. */
export function dunes(canvas: Canvas): string {
  const { palette, width, horizon, random, sun } = canvas;
  const sand = palette.mood === 'night' ? '#5a5f8a' : '#e6a868';
  return Array.from({ length: 5 }, (_, row) => {
    const depth = row / 4;
    const base = horizon - 10 + row ** 1.5 * 62;
    const lit = blend(blend(sand, palette.sky[3], 0.55 * (1 - depth)), palette.glow, 0.18);
    const shade = blend(darken(sand, 0.34), palette.sky[1], 0.5 - depth * 0.3);
    const crest = width * (0.15 + random() * 0.7);
    const height = 60 + row * 34 + random() * 50;
    const body = gradient(canvas, [
      { at: 0, colour: lit },
      { at: 1, colour: blend(lit, shade, 0.45) },
    ]);
    const lean = sun.x < crest ? 1 : -1;
    const outline = `M-20 1010 V${round(base + 24)} C${round(crest * 0.4)} ${round(base + 30)} ${round(crest - 200)} ${round(base - height * 0.6)} ${round(crest)} ${round(base - height)} C${round(crest + 190)} ${round(base - height * 0.5)} ${round(crest + (width - crest) * 0.6)} ${round(base + 34)} ${round(width + 20)} ${round(base + 18)} V1010 Z`;
    const away = crest + lean * (width * 0.5);
    const slope = `M${round(crest)} ${round(base - height)} C${round(crest + lean * 190)} ${round(base - height * 0.5)} ${round(crest + lean * width * 0.36)} ${round(base + 34)} ${round(away)} ${round(base + 40)} C${round(crest + lean * 170)} ${round(base + 90)} ${round(crest + lean * 10)} ${round(base + 60)} ${round(crest - lean * 60)} ${round(base + 130)} C${round(crest - lean * 10)} ${round(base)} ${round(crest + lean * 8)} ${round(base - height * 0.5)} ${round(crest)} ${round(base - height)} Z`;
    return `${body.def}<path fill="url(#${body.id})" d="${outline}"/><path fill="${shade}" opacity="0.55" d="${slope}"/>`;
  }).join('');
}

/** A band of haze that lies in front of what is behind it. */
export function haze(canvas: Canvas, y: number, height: number, opacity: number): string {
  const colour = canvas.palette.sky[3];
  const veil = gradient(canvas, [
    { at: 0, colour, opacity: 0 },
    { at: 0.5, colour, opacity },
    { at: 1, colour, opacity: 0 },
  ]);
  return `${veil.def}<rect x="0" y="${round(y - height / 2)}" width="${canvas.width}" height="${round(height)}" fill="url(#${veil.id})"/>`;
}

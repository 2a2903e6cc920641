import { createNoise, createRandom } from '../noise.ts';
import type { Palette } from './palette.ts';

/** What every part of a scene draws with. The picture is 1000 high and `width` wide. */
export interface Canvas {
  width: number;
  palette: Palette;
  /** Where the sky ends. */
  horizon: number;
  sun: { x: number; y: number; radius: number };
  random: () => number;
  /** Soft seeded noise along a line, 0 to 1. */
  noise: (at: number, row: number, octaves: number) => number;
  /** A whole id that no other definition has. */
  id: () => string;
}

export function createCanvas(seed: number, width: number, palette: Palette): Canvas {
  const random = createRandom(seed);
  const { fbm } = createNoise(seed);
  let ids = 0;
  const horizon = 560 + random() * 90;
  const night = palette.mood === 'night';
  const high = night || palette.mood === 'day' || palette.mood === 'winter';
  return {
    width,
    palette,
    horizon,
    sun: {
      x: width * (random() < 0.5 ? 0.2 + random() * 0.18 : 0.62 + random() * 0.18),
      y: high ? 120 + random() * 130 : horizon - 60 - random() * 130,
      radius: night ? 34 + random() * 22 : 42 + random() * 26,
    },
    random,
    noise: fbm,
    id: () => `d${(ids += 1)}`,
  };
}

export const round = (value: number): string => String(Math.round(value * 10) / 10);

/** `x,y` pairs as an SVG path's points. */
export const points = (list: [number, number][]): string => list.map(([x, y]) => `${round(x)},${round(y)}`).join(' ');

export interface Stop {
  at: number;
  colour: string;
  opacity?: number;
}

export function gradient(
  canvas: Canvas,
  stops: Stop[],
  kind: 'down' | 'round' | 'across' = 'down',
): { id: string; def: string } {
  const id = canvas.id();
  const inner = stops
    .map((stop) => `<stop offset="${stop.at}" stop-color="${stop.colour}" stop-opacity="${stop.opacity ?? 1}"/>`)
    .join('');
  if (kind === 'round') return { id, def: `<radialGradient id="${id}">${inner}</radialGradient>` };
  const to = kind === 'down' ? 'x2="0" y2="1"' : 'x2="1" y2="0"';
  return { id, def: `<linearGradient id="${id}" x1="0" y1="0" ${to}>${inner}</linearGradient>` };
}

export function blur(canvas: Canvas, across: number, down = across): { id: string; def: string } {
  const id = canvas.id();
  const def = `<filter id="${id}" x="-50%" y="-50%" width="200%" height="200%"><feGaussianBlur stdDeviation="${across} ${down}"/></filter>`;
  return { id, def };
}

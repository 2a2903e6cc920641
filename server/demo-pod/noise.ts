export type Rgb = [number, number, number];

export const mix = (from: number, to: number, amount: number): number => from + (to - from) * amount;

/** 0 at `from`, 1 at `to`, with soft ends; `from` may be above `to`. */
export function smooth(from: number, to: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - from) / (to - from)));
  return t * t * (3 - 2 * t);
}

/** A small seeded generator (mulberry32) of numbers from 0 to 1. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Seeded value noise in two dimensions; `fbm` sums octaves to 0 to 1. */
export function createNoise(seed: number) {
  const random = createRandom(seed);
  const table = Float32Array.from({ length: 256 }, random);
  const order = Uint8Array.from({ length: 256 }, () => Math.floor(random() * 256));
  const cell = (x: number, y: number): number => table[(order[(order[x & 255]! + y) & 255]! + x * 7) & 255]!;
  const value = (x: number, y: number): number => {
    const fx = Math.floor(x);
    const fy = Math.floor(y);
    const u = (x - fx) ** 2 * (3 - 2 * (x - fx));
    const v = (y - fy) ** 2 * (3 - 2 * (y - fy));
    return mix(mix(cell(fx, fy), cell(fx + 1, fy), u), mix(cell(fx, fy + 1), cell(fx + 1, fy + 1), u), v);
  };
  return {
    random,
    /** One number from 0 to 1 for a whole cell, for stars. */
    cell: (x: number, y: number): number => {
      let h = Math.imul(x + 1, 374761393) ^ Math.imul(y + 1, 668265263) ^ seed;
      h = Math.imul(h ^ (h >>> 13), 1274126177);
      return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
    },
    fbm: (x: number, y: number, octaves: number): number => {
      let sum = 0;
      let weight = 0.5;
      let total = 0;
      let scale = 1;
      for (let i = 0; i < octaves; i += 1) {
        sum += value(x * scale, y * scale) * weight;
        total += weight;
        weight *= 0.5;
        scale *= 2.03;
      }
      return sum / total;
    },
  };
}

const mix = (from: number, to: number, amount: number): number => from + (to - from) * amount;

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

/** Seeded value noise in two dimensions; `fbm` sums octaves, from 0 to 1. */
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

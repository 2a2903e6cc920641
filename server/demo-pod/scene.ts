import { createNoise, mix, smooth, type Rgb } from './noise.ts';

/** Writes the colour (0 to 1 a channel) at `x`, `y` (0 to 1, from the top left) into `out`. */
export type Scene = (x: number, y: number, out: [number, number, number]) => void;

interface Palette {
  zenith: Rgb;
  middle: Rgb;
  horizon: Rgb;
  sun: Rgb;
  far: Rgb;
  near: Rgb;
  night: boolean;
}

const hex = (value: number): Rgb => [((value >> 16) & 255) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
const palette = (z: number, m: number, h: number, s: number, f: number, n: number, night = false): Palette => ({
  zenith: hex(z),
  middle: hex(m),
  horizon: hex(h),
  sun: hex(s),
  far: hex(f),
  near: hex(n),
  night,
});

const DAYS: [Palette, ...Palette[]] = [
  palette(0x2b3a67, 0xb56576, 0xffcb8e, 0xfff1c9, 0xa4708a, 0x1f1d36),
  palette(0x1d3557, 0x457b9d, 0xf1e3c6, 0xfffbe6, 0x7fa3b5, 0x12263a),
  palette(0x355070, 0xeaac8b, 0xffe0c2, 0xffffff, 0x9a8fae, 0x2c2546),
  palette(0x12355b, 0x4f86c6, 0xdff1ff, 0xffffff, 0x88adc9, 0x17402f),
  palette(0x6a2c70, 0xf08a5d, 0xf9ed69, 0xfff8dc, 0xb5566b, 0x2d132c),
  palette(0x274046, 0x8fb8a8, 0xf6e7cb, 0xfff4d6, 0x8aa79b, 0x1b2f2e),
];
const NIGHTS: [Palette, ...Palette[]] = [
  palette(0x050a1f, 0x0d1b3e, 0x1f4068, 0xe8f1ff, 0x1c3350, 0x03060f, true),
  palette(0x0b0c2a, 0x241b4b, 0x4b3b78, 0xfff6e0, 0x2c2458, 0x07061a, true),
];

/** Chooses a landscape by the words of the prompt, and its shapes and colours by the seed. */
export function createScene(text: string, seed: number, aspect: number): Scene {
  const noise = createNoise(seed);
  const { random } = noise;
  const has = (pattern: RegExp): boolean => pattern.test(text.toLowerCase());
  const night = has(/night|aurora|star|moon|galax|space|dark/) || (!has(/day|sun|dusk|dawn|light/) && random() < 0.25);
  const pool = night ? NIGHTS : DAYS;
  const colours = pool[Math.floor(random() * pool.length)] ?? pool[0];
  const water = has(/sea|ocean|lake|water|beach|lighthouse|ship|river/) || random() < 0.4;
  const aurora = night && (has(/aurora|north/) || random() < 0.75);
  const horizon = 0.56 + random() * 0.1;
  const sunX = 0.22 + random() * 0.56;
  const sunY = night ? 0.14 + random() * 0.12 : horizon - 0.06 - random() * 0.24;
  const sunSize = (night ? 0.035 : 0.05) + random() * 0.035;
  const auroraHue: Rgb = random() < 0.6 ? [0.25, 0.95, 0.65] : [0.35, 0.6, 1];
  const layers = Array.from({ length: water ? 3 : 5 }, (_, i) => ({
    base: horizon - 0.04 + (water ? i * 0.012 : i * 0.09),
    height: (water ? 0.12 : 0.17) - i * 0.02,
    scale: 1.6 + i * 0.9 + random(),
    shift: random() * 100,
  }));
  const ridge = (i: number, x: number): number => {
    const layer = layers[i];
    if (!layer) return 1;
    return layer.base - layer.height * (noise.fbm(x * layer.scale * aspect + layer.shift, i * 7.3, 6) * 1.9 - 0.45);
  };

  const sky = (x: number, y: number, out: [number, number, number]): void => {
    const t = Math.min(1, Math.max(0, y / horizon));
    const upper = smooth(0, 0.65, t);
    const lower = smooth(0.45, 1, t);
    const distance = Math.hypot((x - sunX) * aspect, y - sunY);
    const disc = 1 - smooth(sunSize - 0.004, sunSize + 0.002, distance);
    const glow = Math.exp(-distance * (night ? 9 : 5)) * (night ? 0.45 : 0.65);
    const cloud =
      smooth(0.5, 0.78, noise.fbm(x * 2.6 * aspect + 11, y * 8 + 3, 5)) * (0.2 + 0.8 * t) * (night ? 0.25 : 0.6);
    for (let c = 0; c < 3; c += 1) {
      let value = mix(mix(colours.zenith[c]!, colours.middle[c]!, upper), colours.horizon[c]!, lower);
      value = mix(value, mix(colours.horizon[c]!, 1, 0.35), cloud);
      out[c] = value + (colours.sun[c]! - value) * Math.min(1, disc + glow);
    }
    if (!night) return;
    const star = noise.cell(Math.floor(x * 260 * aspect), Math.floor(y * 260));
    const twinkle = star > 0.9965 ? (star - 0.9965) * 240 * (1 - t) : 0;
    let veil = 0;
    if (aurora) {
      const fold = 0.24 + 0.16 * (noise.fbm(x * 2.2, 40, 3) * 2 - 1) + 0.05 * Math.sin(x * 9 + seed);
      const rays = 0.45 + 0.55 * noise.fbm(x * 22, y * 0.8 + 9, 3);
      const below = y - fold;
      veil = (below > 0 ? Math.exp(-below * 22) : Math.exp(below * 7)) * rays * 0.85;
    }
    for (let c = 0; c < 3; c += 1)
      out[c] = Math.min(1, out[c]! + twinkle + veil * mix(auroraHue[c]!, [0.7, 0.3, 0.9][c]!, smooth(0.3, 0, y)));
  };

  return (x, y, out) => {
    const shore = water && y > horizon;
    const depth = shore ? (y - horizon) / (1 - horizon) : 0;
    const wave = shore ? (noise.fbm(x * 5 * aspect, Math.log(depth + 0.03) * 9, 4) - 0.5) * (0.02 + depth * 0.1) : 0;
    const lookX = x + wave * 0.6;
    const lookY = shore ? Math.max(0, horizon - (y - horizon) * 0.95 + wave) : y;
    sky(lookX, lookY, out);
    for (let i = 0; i < layers.length; i += 1) {
      const top = ridge(i, lookX);
      if (lookY <= top || (water && lookY > horizon)) continue;
      const nearness = (i + 1) / layers.length;
      const haze = Math.min(1, (lookY - top) * 3.2) * (1 - nearness * 0.75);
      const grain = (noise.fbm(lookX * 30 * aspect, lookY * 42 + i * 9, 3) - 0.5) * 0.09 * nearness;
      for (let c = 0; c < 3; c += 1) {
        const rock = mix(mix(colours.horizon[c]!, colours.far[c]!, 0.75), colours.near[c]!, nearness);
        out[c] = mix(rock, colours.horizon[c]!, haze * 0.55) + grain * (0.4 + rock);
      }
    }
    if (shore) {
      const glint = smooth(0.6, 0.8, noise.fbm(x * 14 * aspect, y * 90, 3)) * Math.exp(-Math.abs(x - sunX) * 7) * 0.5;
      for (let c = 0; c < 3; c += 1)
        out[c] = mix(out[c]! * 0.86, colours.near[c]!, 0.15 + depth * 0.45) + glint * colours.sun[c]!;
    }
    const vignette = 1 - 0.28 * ((x - 0.5) ** 2 + (y - 0.5) ** 2) * 2;
    for (let c = 0; c < 3; c += 1) out[c] = out[c]! * vignette;
  };
}

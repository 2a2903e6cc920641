import type { Colour } from './colour.ts';

export interface Palette {
  /** From the zenith to the horizon. */
  sky: [Colour, Colour, Colour, Colour];
  /** The sun or moon and the light round it. */
  light: Colour;
  glow: Colour;
  /** Land far away, taken into the haze, and near by. */
  far: Colour;
  near: Colour;
  mood: Mood;
}
export type Mood = 'night' | 'sunset' | 'dawn' | 'day' | 'mist' | 'winter';

const palette = (mood: Mood, sky: string, light: string, land: string): Palette => {
  const [a = '', b = '', c = '', d = ''] = sky.split(' ').map((code) => `#${code}`);
  const [sun = '', glow = ''] = light.split(' ').map((code) => `#${code}`);
  const [far = '', near = ''] = land.split(' ').map((code) => `#${code}`);
  return { mood, sky: [a, b, c, d], light: sun, glow, far, near };
};

export const PALETTES: Record<Mood, [Palette, ...Palette[]]> = {
  night: [
    palette('night', '050b24 0c1c44 1b3a6b 3c6a95', 'f4f7ff a9c8ff', '2a4c78 04081a'),
    palette('night', '0b0a2b 231a52 46307a 8a5a9c', 'fff4e2 d9b8ff', '4a3a7d 0a0720'),
    palette('night', '02151c 05303a 0d5157 3f8f86', 'f2fff8 a6f0d8', '1c5a5c 020d12'),
  ],
  sunset: [
    palette('sunset', '2a2454 7b3a72 e0695e ffc27a', 'fff0c4 ffb05c', 'b0627a 23152f'),
    palette('sunset', '1f2f5c 6d5a8f f08a6b ffd79a', 'fff6d8 ff9e6b', 'b9788a 1d1b36'),
    palette('sunset', '40204f a83f5f f5814f ffd36b', 'fff3c0 ffae45', 'a84f5c 2a1024'),
  ],
  dawn: [
    palette('dawn', '4a6fa5 9db7d8 f7c9c0 ffe9cf', 'fffaf0 ffd5b8', 'a9a6c4 2d3557'),
    palette('dawn', '56729e b7a9cf f6c1c9 fff0d6', 'fffdf5 ffcfc4', 'b5a3bf 3a3355'),
    palette('dawn', '3f7f93 93c3c0 f5dcb4 fff3d4', 'fffdf0 ffe0a8', '8fb0aa 20434a'),
  ],
  day: [
    palette('day', '1f6fc0 4f9fde a5d4f2 e9f7fb', 'ffffff fff4c8', '8fb8d0 1f4d43'),
    palette('day', '2a7fb8 6fb7d6 c3e4e4 f7f3dc', 'ffffff fff0c0', '8bb5ac 1d4a35'),
    palette('day', '3a68b0 7ea6dd c5d9f3 f4ecec', 'ffffff ffeed6', '9aa9cf 2b3f63'),
  ],
  mist: [
    palette('mist', '8ea6a8 b3c6c4 d5dfd8 eef0e6', 'fbfdf6 f2f4e4', 'b4c4bf 24403f'),
    palette('mist', '8a93ab b2b6c8 d8d5de f1ece9', 'fdfaf6 f4ece2', 'b9b8c8 303450'),
  ],
  winter: [
    palette('winter', '3d6593 82a9cf c6dcec f6f3ef', 'ffffff ffeeda', 'a9c3da 2c4a6b'),
    palette('winter', '58608f a49fc6 e3cbd8 fdeee4', 'ffffff ffdcd0', 'b9b6d4 3b4270'),
  ],
};

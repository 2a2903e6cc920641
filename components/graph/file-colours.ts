import type { CSSProperties } from 'react';

const HEX = /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i;
/** From this share of full light on, black is read better than white. */
const BRIGHT = 0.45;
const INK_ON_BRIGHT = '#17191f';

/** A colour of the file as a surface; on a light page it is thinned, as ComfyUI's light palettes do. */
export function surface(colour: string | undefined): CSSProperties {
  if (colour === undefined || !HEX.test(colour)) return {};
  const ink = lightOf(colour) > BRIGHT && { color: INK_ON_BRIGHT };
  return { backgroundColor: `light-dark(color-mix(in oklab, ${colour} 20%, white), ${colour})`, ...ink };
}

/** The ground and the edge of a group. */
export function groupColours(colour: string | undefined): CSSProperties {
  const held = colour !== undefined && HEX.test(colour) ? colour : '#3f789e';
  const thin = (percent: number) => `color-mix(in oklab, ${held} ${percent}%, transparent)`;
  return { backgroundColor: thin(14), borderColor: thin(45) };
}

/** Relative luminance, 0–1. Source: WCAG 2.2. */
function lightOf(colour: string): number {
  const digits = colour.length === 4 ? [...colour.slice(1)].map((digit) => digit + digit).join('') : colour.slice(1);
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
    const share = Number.parseInt(digits.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

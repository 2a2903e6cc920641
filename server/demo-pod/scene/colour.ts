/** `#rrggbb`. */
export type Colour = string;

const channels = (colour: Colour): number[] => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));

/** The colour `amount` (0 to 1) of the way from one to the other. */
export function blend(from: Colour, to: Colour, amount: number): Colour {
  const target = channels(to);
  const mixed = channels(from).map((value, at) => Math.round(value + ((target[at] ?? 0) - value) * amount));
  return `#${mixed.map((value) => Math.min(255, Math.max(0, value)).toString(16).padStart(2, '0')).join('')}`;
}

export const lighten = (colour: Colour, amount: number): Colour => blend(colour, '#ffffff', amount);
export const darken = (colour: Colour, amount: number): Colour => blend(colour, '#000008', amount);

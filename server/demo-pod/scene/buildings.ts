import { blend, darken } from './colour.ts';
import { gradient, points, round, type Canvas } from './canvas.ts';
import { haze } from './land.ts';

/** A skyline in three depths that stands on `foot`, its windows lit when it is dark. */
export function city(canvas: Canvas, foot: number): string {
  const { palette, width, random } = canvas;
  const dark = palette.mood === 'night' || palette.mood === 'sunset';
  return [0, 1, 2]
    .map((row) => {
      const depth = 0.25 + row * 0.34;
      const colour = blend(blend(palette.far, palette.sky[3], 0.25), palette.near, depth);
      const houses: string[] = [];
      const lights: string[] = [];
      for (let x = -20; x < width + 20;) {
        const wide = 34 + random() * 46 + row * 8;
        const middle = 1 - Math.abs(x / width - 0.5) * 1.1;
        const high = (90 + random() ** 1.6 * 330 * middle) * (1.12 - row * 0.24);
        houses.push(tower(canvas, x, foot, wide, high, colour));
        if (dark || row === 2) lights.push(windows(canvas, x, foot, wide, high, row));
        x += wide + random() * 7;
      }
      const pane = dark ? '#ffd98c' : blend(colour, '#ffffff', 0.32);
      return `${houses.join('')}<g fill="${pane}">${lights.join('')}</g>${row < 2 ? haze(canvas, foot - 30, 190, 0.4) : ''}`;
    })
    .join('');
}

function tower(canvas: Canvas, x: number, foot: number, wide: number, high: number, colour: string): string {
  const { random, sun } = canvas;
  const top = foot - high;
  const lit = gradient(
    canvas,
    [
      { at: 0, colour: sun.x < x ? blend(colour, canvas.palette.glow, 0.2) : darken(colour, 0.1) },
      { at: 1, colour: sun.x < x ? darken(colour, 0.1) : blend(colour, canvas.palette.glow, 0.2) },
    ],
    'across',
  );
  const fill = `url(#${lit.id})`;
  const body = `${lit.def}<rect x="${round(x)}" y="${round(top)}" width="${round(wide)}" height="${round(high + 4)}" fill="${fill}"/>`;
  const kind = random();
  if (high < 170 || kind < 0.4) return body;
  if (kind < 0.65)
    return `${body}<rect x="${round(x + wide * 0.22)}" y="${round(top - 24)}" width="${round(wide * 0.56)}" height="26" fill="${fill}"/><rect x="${round(x + wide * 0.48)}" y="${round(top - 66)}" width="2.5" height="44" fill="${colour}"/>`;
  if (kind < 0.85)
    return `${body}<polygon fill="${fill}" points="${points([
      [x, top + 1],
      [x + wide * 0.5, top - wide * 0.75],
      [x + wide, top + 1],
    ])}"/>`;
  return `${body}<polygon fill="${fill}" points="${points([
    [x, top + 1],
    [x, top - wide * 0.4],
    [x + wide, top + 1],
  ])}"/>`;
}

function windows(canvas: Canvas, x: number, foot: number, wide: number, high: number, row: number): string {
  const { random } = canvas;
  const size = 3.6 + row * 1.2;
  const panes: string[] = [];
  for (let y = foot - high + 12; y < foot - 14; y += size * 2.9)
    for (let left = x + 6; left < x + wide - size - 3; left += size * 2.1)
      if (random() < 0.34)
        panes.push(
          `<rect x="${round(left)}" y="${round(y)}" width="${round(size)}" height="${round(size * 1.5)}" opacity="${round(0.35 + random() * 0.6)}"/>`,
        );
  return panes.join('');
}

/** A castle on a hill. */
export function castle(canvas: Canvas, x: number, foot: number, size: number): string {
  const { palette } = canvas;
  const dark = palette.mood === 'night' || palette.mood === 'sunset';
  const stone = blend(blend('#cfc3b4', palette.far, 0.35), palette.near, dark ? 0.55 : 0.2);
  const roof = blend('#6d3d52', palette.near, dark ? 0.55 : 0.3);
  const pane = dark ? '#ffcf70' : darken(stone, 0.5);
  const turret = (at: number, wide: number, high: number): string => {
    const left = x + at * size - (wide * size) / 2;
    const top = foot - high * size;
    const width = wide * size;
    const shade = gradient(
      canvas,
      [
        { at: 0, colour: canvas.sun.x < x ? blend(stone, palette.glow, 0.3) : darken(stone, 0.22) },
        { at: 1, colour: canvas.sun.x < x ? darken(stone, 0.22) : blend(stone, palette.glow, 0.3) },
      ],
      'across',
    );
    return [
      shade.def,
      `<rect x="${round(left)}" y="${round(top)}" width="${round(width)}" height="${round(high * size + 30)}" fill="url(#${shade.id})"/>`,
      `<polygon fill="${roof}" points="${points([
        [left - width * 0.16, top + 2],
        [left + width / 2, top - width * 1.5],
        [left + width * 1.16, top + 2],
      ])}"/>`,
      `<rect x="${round(left + width * 0.38)}" y="${round(top + width * 0.5)}" width="${round(width * 0.24)}" height="${round(width * 0.48)}" rx="${round(width * 0.12)}" fill="${pane}"/>`,
    ].join('');
  };
  const wall = `<rect x="${round(x - size * 0.46)}" y="${round(foot - size * 0.3)}" width="${round(size * 0.92)}" height="${round(size * 0.3 + 30)}" fill="${stone}"/>`;
  const crown = Array.from(
    { length: 12 },
    (_, at) =>
      `<rect x="${round(x - size * 0.46 + at * size * 0.079)}" y="${round(foot - size * 0.34)}" width="${round(size * 0.045)}" height="${round(size * 0.05)}" fill="${stone}"/>`,
  );
  return [
    turret(-0.12, 0.15, 0.72),
    turret(0.14, 0.19, 0.95),
    wall,
    ...crown,
    turret(-0.44, 0.17, 0.5),
    turret(0.45, 0.16, 0.58),
  ].join('');
}

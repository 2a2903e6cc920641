import { blend, darken, lighten } from './colour.ts';
import { blur, gradient, points, round, type Canvas } from './canvas.ts';

const isDark = (canvas: Canvas): boolean => canvas.palette.mood === 'night' || canvas.palette.mood === 'sunset';

/** A lighthouse on a rock that comes in from the side away from the sun. */
export function lighthouse(canvas: Canvas): string {
  const { width, horizon, palette, random, sun } = canvas;
  const onLeft = sun.x > width / 2;
  const side = onLeft ? 1 : -1;
  const x = onLeft ? width * 0.27 : width * 0.73;
  const foot = horizon - 58;
  const height = 300 + random() * 70;
  const top = foot - height;
  const edge = onLeft ? -20 : width + 20;
  const tip = x + side * 170;
  const rock: [number, number][] = [
    [edge, 1005],
    [edge, foot - 20],
  ];
  for (let step = 0; step <= 16; step += 1) {
    const part = step / 16;
    const fall = part < 0.62 ? 0 : ((part - 0.62) / 0.38) ** 1.3 * (horizon + 62 - foot);
    rock.push([edge + (tip - edge) * part, foot + fall + (random() - 0.5) * 22 * (step === 16 ? 0 : 1)]);
  }
  rock.push([tip + side * 60, horizon + 80], [x - side * 60, 1005]);
  const stone = gradient(canvas, [
    { at: 0, colour: blend(palette.near, palette.far, 0.28) },
    { at: 1, colour: darken(palette.near, 0.25) },
  ]);
  const wall = palette.mood === 'night' ? '#c3cbe0' : '#f6efe2';
  const shade = blend(wall, palette.near, 0.55);
  const body = gradient(
    canvas,
    [
      { at: onLeft ? 1 : 0, colour: lighten(blend(wall, palette.glow, 0.25), 0.1) },
      { at: onLeft ? 0 : 1, colour: shade },
    ].toSorted((a, b) => a.at - b.at),
    'across',
  );
  const at = (part: number, out: number): [number, number] => [
    x + out * (26 - 9 * part),
    foot + 14 - (height - 40) * part,
  ];
  const band = (low: number, high: number): string => points([at(low, -1), at(high, -1), at(high, 1), at(low, 1)]);
  const red = blend('#c23b3b', palette.near, palette.mood === 'night' ? 0.45 : 0.15);
  const bands = [0.16, 0.5, 0.82].map(
    (low) => `<polygon points="${band(low, low + 0.15)}" fill="${red}" opacity="0.88"/>`,
  );
  const lampY = top + 22;
  const dark = isDark(canvas);
  const shine = gradient(
    canvas,
    [
      { at: 0, colour: '#fff3bf', opacity: 1 },
      { at: 1, colour: '#ffdf8a', opacity: 0 },
    ],
    'round',
  );
  const beam = gradient(
    canvas,
    [
      { at: 0, colour: '#fff0b8', opacity: 0.62 },
      { at: 1, colour: '#fff0b8', opacity: 0 },
    ],
    'across',
  );
  const beamBack = gradient(
    canvas,
    [
      { at: 0, colour: '#fff0b8', opacity: 0 },
      { at: 1, colour: '#fff0b8', opacity: 0.5 },
    ],
    'across',
  );
  const soft = blur(canvas, 5);
  const beams = `<g filter="url(#${soft.id})"><polygon fill="url(#${beam.id})" points="${points([
    [x, lampY],
    [x + 620, lampY - 120],
    [x + 620, lampY + 10],
  ])}"/><polygon fill="url(#${beamBack.id})" points="${points([
    [x, lampY],
    [x - 460, lampY + 16],
    [x - 460, lampY + 104],
  ])}"/></g>`;
  const iron = darken(palette.near, 0.1);
  const windows = [0.32, 0.66].map(
    (part) =>
      `<rect x="${round(x - 4)}" y="${round(foot - (height - 40) * part)}" width="8" height="15" rx="4" fill="${dark ? '#ffd27a' : shade}"/>`,
  );
  const head = [
    `<rect x="${round(x - 25)}" y="${round(top + 47)}" width="50" height="9" rx="2" fill="${iron}"/>`,
    `<rect x="${round(x - 13)}" y="${round(top + 8)}" width="26" height="40" fill="${dark ? '#ffe9a6' : '#dfeaf0'}"/>`,
    `<path d="M${round(x - 13)} ${round(top + 8)} v40 M${round(x)} ${round(top + 8)} v40 M${round(x + 13)} ${round(top + 8)} v40" stroke="${iron}" stroke-width="2.5"/>`,
    `<path d="M${round(x - 19)} ${round(top + 10)} Q${round(x)} ${round(top - 34)} ${round(x + 19)} ${round(top + 10)} Z" fill="${red}"/>`,
    `<rect x="${round(x - 1.5)}" y="${round(top - 34)}" width="3" height="20" fill="${iron}"/>`,
  ];
  const house = cottage(canvas, x - side * 92, foot + 14, 74);
  const glow = dark
    ? `<circle cx="${round(x)}" cy="${round(lampY)}" r="95" fill="url(#${shine.id})" opacity="0.9"/>`
    : '';
  return [
    stone.def,
    body.def,
    shine.def,
    beam.def,
    beamBack.def,
    soft.def,
    dark ? beams : '',
    `<polygon fill="url(#${stone.id})" points="${points(rock)}"/>`,
    house,
    `<polygon fill="url(#${body.id})" points="${band(0, 1)}"/>`,
    ...bands,
    ...windows,
    ...head,
    glow,
  ].join('');
}

/** A small house, its windows lit when it is dark. */
export function cottage(canvas: Canvas, x: number, foot: number, size: number): string {
  const { palette } = canvas;
  const wall = blend('#e9dcc6', palette.near, isDark(canvas) ? 0.62 : 0.25);
  const roof = blend('#7a3b34', palette.near, isDark(canvas) ? 0.6 : 0.25);
  const pane = isDark(canvas) ? '#ffcf70' : blend('#b9d2e0', palette.near, 0.2);
  const high = size * 0.52;
  const left = x - size / 2;
  const window = (part: number): string =>
    `<rect x="${round(left + size * part)}" y="${round(foot - high * 0.68)}" width="${round(size * 0.15)}" height="${round(high * 0.34)}" fill="${pane}"/>`;
  const smoke =
    canvas.palette.mood === 'day'
      ? ''
      : `<path d="M${round(x + size * 0.28)} ${round(foot - high - size * 0.44)} q-12 -26 6 -46 t2 -50" fill="none" stroke="${palette.sky[3]}" stroke-width="6" stroke-linecap="round" opacity="0.25"/>`;
  return [
    smoke,
    `<rect x="${round(x + size * 0.22)}" y="${round(foot - high - size * 0.38)}" width="${round(size * 0.11)}" height="${round(size * 0.3)}" fill="${roof}"/>`,
    `<rect x="${round(left)}" y="${round(foot - high)}" width="${size}" height="${round(high + 8)}" fill="${wall}"/>`,
    `<polygon fill="${roof}" points="${points([
      [left - size * 0.1, foot - high],
      [x - size * 0.1, foot - high - size * 0.38],
      [x + size * 0.16, foot - high - size * 0.38],
      [left + size * 1.1, foot - high],
    ])}"/>`,
    window(0.14),
    window(0.7),
    `<rect x="${round(left + size * 0.42)}" y="${round(foot - high * 0.62)}" width="${round(size * 0.17)}" height="${round(high * 0.62 + 8)}" fill="${darken(wall, 0.45)}"/>`,
  ].join('');
}

/** Sailing boats on the water. */
export function boats(canvas: Canvas, count: number): string {
  const { width, horizon, palette, random, sun } = canvas;
  return Array.from({ length: count }, (_, index) => {
    const down = index === 0 ? 0.16 + random() * 0.16 : 0.02 + random() * 0.05;
    const size = 46 + down * 420;
    const y = horizon + 6 + down * (1000 - horizon);
    const x = index === 0 ? (sun.x + width / 2) / 2 + (random() - 0.5) * 120 : width * (0.15 + random() * 0.7);
    const sail = blend(blend('#fdf6ea', palette.glow, 0.3), palette.near, palette.mood === 'night' ? 0.35 : 0.06);
    const hull = blend(palette.near, '#6b2f2a', 0.35);
    const boat = [
      `<path fill="${sail}" d="M${round(x)} ${round(y - size * 1.2)} Q${round(x + size * 0.52)} ${round(y - size * 0.5)} ${round(x + size * 0.44)} ${round(y - size * 0.16)} H${round(x)} Z"/>`,
      `<path fill="${darken(sail, 0.16)}" d="M${round(x - size * 0.05)} ${round(y - size * 1.05)} Q${round(x - size * 0.2)} ${round(y - size * 0.5)} ${round(x - size * 0.42)} ${round(y - size * 0.16)} H${round(x - size * 0.05)} Z"/>`,
      `<path fill="${hull}" d="M${round(x - size * 0.55)} ${round(y - size * 0.12)} H${round(x + size * 0.58)} Q${round(x + size * 0.44)} ${round(y + size * 0.1)} ${round(x + size * 0.26)} ${round(y + size * 0.1)} H${round(x - size * 0.3)} Q${round(x - size * 0.48)} ${round(y + size * 0.08)} ${round(x - size * 0.55)} ${round(y - size * 0.12)} Z"/>`,
    ].join('');
    const shadow = `<ellipse cx="${round(x)}" cy="${round(y + size * 0.13)}" rx="${round(size * 0.62)}" ry="${round(size * 0.06)}" fill="${palette.near}" opacity="0.5"/>`;
    const mirrored = `<g opacity="0.22" transform="matrix(1 0 0 -0.7 0 ${round((y + size * 0.1) * 1.7)})">${boat}</g>`;
    return mirrored + shadow + boat;
  }).join('');
}

/** A hot-air balloon or two. */
export function balloons(canvas: Canvas, count: number): string {
  const { width, horizon, palette, random } = canvas;
  const cloths = ['#d8504d', '#f2b544', '#3f8f8c', '#5a6fb5', '#e98a5b'];
  return Array.from({ length: count }, (_, index) => {
    const size = (index === 0 ? 74 : 34) + random() * 24;
    const x = width * (0.2 + random() * 0.6);
    const y = horizon * (0.22 + random() * 0.34);
    const first = cloths[Math.floor(random() * cloths.length)] ?? '#d8504d';
    const cloth = blend(first, palette.sky[2], index === 0 ? 0.12 : 0.4);
    const stripe = lighten(cloth, 0.45);
    const half = (wide: number): string =>
      `M${round(x)} ${round(y - size)} C${round(x + wide * 1.1)} ${round(y - size)} ${round(x + wide)} ${round(y + size * 0.2)} ${round(x + size * 0.14)} ${round(y + size)} H${round(x - size * 0.14)} C${round(x - wide)} ${round(y + size * 0.2)} ${round(x - wide * 1.1)} ${round(y - size)} ${round(x)} ${round(y - size)} Z`;
    return [
      `<path d="${half(size)}" fill="${cloth}"/><path d="${half(size * 0.62)}" fill="${stripe}"/><path d="${half(size * 0.26)}" fill="${cloth}"/>`,
      `<path d="M${round(x - size * 0.13)} ${round(y + size)} l${round(size * 0.03)} ${round(size * 0.22)} M${round(x + size * 0.13)} ${round(y + size)} l${round(-size * 0.03)} ${round(size * 0.22)}" stroke="${palette.near}" stroke-width="1.5"/>`,
      `<rect x="${round(x - size * 0.11)}" y="${round(y + size * 1.2)}" width="${round(size * 0.22)}" height="${round(size * 0.16)}" rx="3" fill="${blend(palette.near, '#8a5a33', 0.5)}"/>`,
    ].join('');
  }).join('');
}

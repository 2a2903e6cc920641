import { blend, lighten } from './colour.ts';
import { blur, gradient, round, type Canvas } from './canvas.ts';

/** Sky, stars, sun or moon, clouds. */
export function sky(canvas: Canvas, wants: { aurora: boolean; clouds: number }): string {
  const { palette, width } = canvas;
  const [top, middle, low, horizon] = palette.sky;
  const air = gradient(canvas, [
    { at: 0, colour: top },
    { at: 0.38, colour: middle },
    { at: 0.76, colour: low },
    { at: 1, colour: horizon },
  ]);
  return [
    air.def,
    `<rect width="${width}" height="${canvas.horizon + 40}" fill="url(#${air.id})"/>`,
    palette.mood === 'night' ? stars(canvas) : '',
    wants.aurora ? aurora(canvas) : '',
    sun(canvas),
    clouds(canvas, wants.clouds),
    palette.mood === 'night' ? '' : birds(canvas),
  ].join('');
}

function stars(canvas: Canvas): string {
  const { random, width, horizon } = canvas;
  const dots = Array.from({ length: 230 }, () => {
    const y = random() ** 1.5 * horizon * 0.92;
    const size = 0.5 + random() ** 5 * 2.4;
    return `<circle cx="${round(random() * width)}" cy="${round(y)}" r="${round(size)}" opacity="${round(0.25 + random() * 0.7)}"/>`;
  });
  return `<g fill="#f3f6ff">${dots.join('')}</g>`;
}

function sun(canvas: Canvas): string {
  const { palette, sun: at } = canvas;
  const night = palette.mood === 'night';
  const wide = gradient(
    canvas,
    [
      { at: 0, colour: palette.glow, opacity: night ? 0.55 : 0.85 },
      { at: 0.25, colour: palette.glow, opacity: night ? 0.2 : 0.38 },
      { at: 1, colour: palette.glow, opacity: 0 },
    ],
    'round',
  );
  const reach = at.radius * (night ? 7 : 10);
  const disc = `<circle cx="${round(at.x)}" cy="${round(at.y)}" r="${round(at.radius)}" fill="${palette.light}"/>`;
  const seas = [
    [-0.3, -0.2, 0.26],
    [0.25, 0.1, 0.2],
    [-0.05, 0.4, 0.16],
  ].map(
    ([x = 0, y = 0, r = 0]) =>
      `<circle cx="${round(at.x + x * at.radius)}" cy="${round(at.y + y * at.radius)}" r="${round(r * at.radius)}" fill="#9fb0cf" opacity="0.28"/>`,
  );
  return `${wide.def}<circle cx="${round(at.x)}" cy="${round(at.y)}" r="${round(reach)}" fill="url(#${wide.id})"/>${disc}${night ? seas.join('') : ''}`;
}

/** Long banks with a flat foot and a lit top, thinner towards their ends. */
function clouds(canvas: Canvas, count: number): string {
  const { random, width, horizon, palette } = canvas;
  const soft = blur(canvas, 5, 2.6);
  const night = palette.mood === 'night';
  const light = lighten(palette.sky[3], night ? 0 : 0.4);
  const shade = blend(palette.sky[2], palette.sky[1], 0.35);
  const banks = Array.from({ length: count }, () => {
    const part = random();
    const y = horizon * (0.1 + part * 0.72);
    const x = random() * width;
    const length = (110 + random() * 210) * (1.15 - part * 0.4);
    const tall = (34 + random() * 26) * (1.1 - part * 0.7);
    const puff = (colour: string, lift: number): string => {
      const along = (random() + random() - 1) * length;
      const size = Math.max(4, tall * (1 - (along / length) ** 2) * (0.45 + random() * 0.6));
      return `<ellipse cx="${round(x + along)}" cy="${round(y - size * 0.5 - lift)}" rx="${round(size * 2.1)}" ry="${round(size * 0.6)}" fill="${colour}"/>`;
    };
    const dark = Array.from({ length: 14 }, () => puff(shade, 0)).join('');
    const bright = Array.from({ length: 18 }, () => puff(light, tall * 0.16)).join('');
    return `<g opacity="${round(night ? 0.12 : 0.32 + random() * 0.3)}">${dark}${bright}</g>`;
  });
  return `${soft.def}<g filter="url(#${soft.id})">${banks.join('')}</g>`;
}

function aurora(canvas: Canvas): string {
  const { random, width, horizon, noise } = canvas;
  const soft = blur(canvas, 7, 26);
  const hues = random() < 0.6 ? ['#3df2a6', '#49d7ff', '#8f6bff'] : ['#5aa8ff', '#8d7bff', '#46f0c0'];
  const curtains = hues.map((hue, row) => {
    const fade = gradient(canvas, [
      { at: 0, colour: hue, opacity: 0 },
      { at: 0.75, colour: hue, opacity: 0.62 },
      { at: 1, colour: hue, opacity: 0 },
    ]);
    const strips = Array.from({ length: 58 }, (_, at) => {
      const x = (at / 45 - 0.13) * width;
      const foot = horizon * (0.36 + row * 0.1) + (noise(at / 9, row * 17, 3) - 0.5) * 260;
      const height = 150 + noise(at / 3, row * 31 + 5, 2) * 250;
      const strength = 0.25 + noise(at / 2.2, row * 7 + 9, 2) * 0.9;
      return `<rect x="${round(x)}" y="${round(foot - height)}" width="${round(width / 40)}" height="${round(height)}" opacity="${round(Math.min(1, strength))}"/>`;
    });
    return `${fade.def}<g fill="url(#${fade.id})">${strips.join('')}</g>`;
  });
  return `${soft.def}<g filter="url(#${soft.id})" opacity="0.85">${curtains.join('')}</g>`;
}

function birds(canvas: Canvas): string {
  const { random, width, horizon, palette } = canvas;
  const x = width * (0.15 + random() * 0.7);
  const y = horizon * (0.3 + random() * 0.25);
  const flock = Array.from({ length: 3 + Math.floor(random() * 5) }, () => {
    const size = 5 + random() * 6;
    const left = x + (random() - 0.5) * 160;
    const top = y + (random() - 0.5) * 70;
    return `<path d="M${round(left - size)} ${round(top - size * 0.5)} q${round(size * 0.6)} ${round(-size * 0.3)} ${round(size)} ${round(size * 0.5)} q${round(size * 0.4)} ${round(-size * 0.8)} ${round(size)} ${round(-size * 0.5)}"/>`;
  });
  return `<g fill="none" stroke="${palette.near}" stroke-width="1.8" stroke-linecap="round" opacity="0.55">${flock.join('')}</g>`;
}

import { createRandom } from '../noise.ts';
import { castle, city } from './buildings.ts';
import { createCanvas, round, type Canvas } from './canvas.ts';
import { blend } from './colour.ts';
import { dunes, haze, peak, ridge } from './land.ts';
import { meadow } from './meadow.ts';
import { PALETTES, type Mood } from './palette.ts';
import { sky } from './sky.ts';
import { balloons, boats, cottage, lighthouse } from './subjects.ts';
import { broadTree, conifer, forest } from './trees.ts';
import { water } from './water.ts';

const MOODS: [Mood, RegExp][] = [
  ['night', /night|moon|star|galax|space|midnight|aurora|northern light|milky/],
  ['sunset', /sunset|dusk|evening|golden|sundown|twilight|autumn|fall\b/],
  ['dawn', /dawn|sunrise|morning|pastel|spring/],
  ['winter', /snow|winter|frost|glacier|arctic|\bice/],
  ['mist', /mist|fog|haze|hazy|rain|cloudy|storm|moody/],
  ['day', /day|noon|sunny|summer|bright|blue sky/],
];
const SUBJECTS = {
  lighthouse: /lighthouse|light house|beacon|cliff/,
  city: /city|skyline|town|street|skyscraper|urban|building|cyber|neon/,
  castle: /castle|palace|fortress|fairy|fantasy|kingdom|dragon/,
  meadow:
    /(single|lone|lonely|one|old|big|a) tree|meadow|field|flower|lavender|poppy|garden|grass|cat|dog|rabbit|portrait|girl|woman|man\b/,
  forest: /forest|wood|tree|pine|jungle|fox|deer|bear|wolf/,
  desert: /desert|dune|sahara|sand\b|camel/,
  sea: /sea\b|ocean|beach|coast|ship|boat|sail|harbou?r|island|wave|whale|fish/,
  mountain: /mountain|peak|alps?\b|summit|hill|valley|volcano|cabin|lake|river|water|fjord/,
};
type Subject = keyof typeof SUBJECTS;
const ANY: [Subject, ...Subject[]] = ['mountain', 'sea', 'forest', 'mountain', 'lighthouse', 'desert', 'meadow'];
const FREE_MOODS: [Mood, ...Mood[]] = ['sunset', 'dawn', 'day', 'night', 'sunset', 'dawn'];

function pick<T>(list: [T, ...T[]], random: () => number): T {
  return list[Math.floor(random() * list.length)] ?? list[0];
}

/**
 * A landscape as SVG: time of day and subject by the words of the prompt, everything else by the seed. No word of the
 * prompt gets into the SVG.
 */
export function createScene(text: string, seed: number, width: number, height: number): string {
  const words = text.toLowerCase();
  const random = createRandom(seed ^ 0x5bd1e995);
  const mood = MOODS.find(([, pattern]) => pattern.test(words))?.[0] ?? pick(FREE_MOODS, random);
  const named = (Object.keys(SUBJECTS) as Subject[]).find((subject) => SUBJECTS[subject].test(words));
  const subject = named ?? pick(ANY, random);
  const span = Math.round((1000 * width) / height);
  const canvas = createCanvas(seed, span, pick(PALETTES[mood], random));
  const aurora = /aurora|northern light/.test(words) || (mood === 'night' && subject !== 'city' && random() < 0.3);
  const heaven = sky(canvas, { aurora, clouds: mood === 'night' ? 3 : 4 + Math.floor(random() * 5) });
  const wet = /lake|river|water|fjord|reflect|sea\b|ocean/.test(words) || random() < 0.55;
  const body = PAINT[subject](canvas, heaven, { words, wet });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${span} 1000" preserveAspectRatio="none">${body}${finish(canvas)}</svg>`;
}

interface Wants {
  words: string;
  wet: boolean;
}

const PAINT: Record<Subject, (canvas: Canvas, heaven: string, wants: Wants) => string> = {
  lighthouse: (canvas, heaven) => {
    const { horizon, random } = canvas;
    const far =
      ridge(canvas, { base: horizon + 8, height: 70, scale: 2.2, row: 1, depth: 0.12 }) +
      haze(canvas, horizon, 90, 0.5);
    return water(canvas, heaven + far + lighthouse(canvas)) + (random() < 0.7 ? boats(canvas, 1) : '');
  },
  sea: (canvas, heaven, { words }) => {
    const { horizon, random } = canvas;
    const coast =
      ridge(canvas, { base: horizon + 10, height: 60 + random() * 60, scale: 1.7, row: 1, depth: 0.1 }) +
      haze(canvas, horizon, 110, 0.55);
    const rocks = ridge(canvas, { base: horizon + 42, height: 120, scale: 1.3, row: 4, depth: 0.4 });
    return (
      water(canvas, heaven + coast + (random() < 0.35 ? rocks : '')) +
      boats(canvas, /boat|ship|sail/.test(words) ? 3 : 1 + Math.floor(random() * 2))
    );
  },
  mountain: (canvas, heaven, { words, wet }) => {
    const land = mountains(canvas, words);
    if (!wet) return heaven + land + foreground(canvas, words);
    return water(canvas, heaven + land) + shore(canvas, words);
  },
  forest: (canvas, heaven, { words }) => {
    const { horizon, random } = canvas;
    const back =
      ridge(canvas, { base: horizon, height: 190, scale: 1.8, row: 2, depth: 0.08 }) +
      haze(canvas, horizon - 20, 200, 0.5);
    const cabin =
      random() < 0.4 || /cabin|house|cottage/.test(words)
        ? cottage(canvas, canvas.width * (0.44 + random() * 0.12), 905, 88)
        : '';
    return heaven + back + forest(canvas, horizon - 40, 4) + cabin;
  },
  city: (canvas, heaven, { wet }) => {
    const { horizon } = canvas;
    const foot = wet ? horizon + 4 : 1000;
    if (wet) return water(canvas, heaven + city(canvas, foot));
    const hills =
      ridge(canvas, { base: 760, height: 150, scale: 1.6, row: 2, depth: 0.1 }) + haze(canvas, 760, 320, 0.55);
    return heaven + hills + `<g transform="translate(0 -60) scale(1 1.06)">${city(canvas, foot)}</g>`;
  },
  castle: (canvas, heaven, { words, wet }) => {
    const { width, horizon, random } = canvas;
    const x = width * (0.38 + random() * 0.24);
    const hill = `<ellipse cx="${round(x)}" cy="${round(horizon + 45)}" rx="${round(width * 0.36)}" ry="112" fill="${blend(canvas.palette.far, canvas.palette.near, 0.66)}"/>`;
    const land = mountains(canvas, words) + castle(canvas, x, horizon - 62, 210) + hill;
    return wet ? water(canvas, heaven + land) + shore(canvas, words) : heaven + land + foreground(canvas, words);
  },
  desert: (canvas, heaven) => {
    const far = ridge(canvas, { base: canvas.horizon, height: 120, scale: 1.4, row: 2, depth: 0.1, rough: 3 });
    return (
      heaven +
      far +
      haze(canvas, canvas.horizon - 10, 160, 0.5) +
      dunes(canvas) +
      (canvas.random() < 0.5 ? balloons(canvas, 2) : '')
    );
  },
  meadow: (canvas, heaven) => {
    const { horizon, width, random } = canvas;
    const hills =
      ridge(canvas, { base: horizon + 10, height: 170, scale: 1.5, row: 2, depth: 0.12 }) +
      haze(canvas, horizon, 160, 0.5) +
      ridge(canvas, { base: horizon + 80, height: 110, scale: 1.1, row: 3, depth: 0.42, rough: 2 });
    const ground = ridge(canvas, { base: horizon + 130, height: 70, scale: 0.7, row: 4, depth: 0.62, rough: 2 });
    const tree = broadTree(canvas, width * (random() < 0.5 ? 0.28 : 0.72), horizon + 130, 260 + random() * 90);
    const air = canvas.palette.mood !== 'night' && random() < 0.4 ? balloons(canvas, 2) : '';
    return heaven + air + hills + ground + tree + meadow(canvas, horizon + 120);
  },
};

function mountains(canvas: Canvas, words: string): string {
  const { width, horizon, random, palette } = canvas;
  const snow = palette.mood === 'winter' ? 0.7 : /volcano|hill/.test(words) ? 0 : 0.32 + random() * 0.2;
  const places = [0.2 + random() * 0.14, 0.72 + random() * 0.14, 0.45 + random() * 0.12];
  const back = places.map((x, at) =>
    peak(canvas, {
      x: width * x,
      base: horizon + 40,
      height: (at === 2 ? 340 : 240) + random() * 90,
      depth: 0.22 + at * 0.1,
      snow,
    }),
  );
  return [
    ridge(canvas, { base: horizon, height: 210, scale: 2.1, row: 1, depth: 0.05 }),
    haze(canvas, horizon - 60, 200, 0.4),
    ...back,
    haze(canvas, horizon, 170, 0.6),
    ridge(canvas, { base: horizon + 26, height: 90, scale: 2.6, row: 5, depth: 0.5 }),
    treeLine(canvas, horizon + 22, 30, 0.6),
  ].join('');
}

function treeLine(canvas: Canvas, foot: number, height: number, depth: number): string {
  const { width, random, noise, palette } = canvas;
  const tone = depth > 0.9 ? palette.near : canvas.palette.near;
  const trees: string[] = [];
  for (let x = -10; x < width + 10; x += height * (0.24 + random() * 0.3)) {
    if (noise(x / 180, depth * 40, 2) < 0.4) continue;
    trees.push(conifer(canvas, x, foot + random() * 6, height * (0.6 + random() * 0.8), tone));
  }
  return `<g opacity="${round(Math.min(1, depth + 0.25))}">${trees.join('')}</g>`;
}

/** A near bank with spruces in the corners. */
function shore(canvas: Canvas, words: string): string {
  const { width, palette, random } = canvas;
  const left = random() < 0.5;
  const corner = left
    ? `M-5 1005 V905 Q${round(width * 0.2)} 900 ${round(width * 0.44)} 1005 Z`
    : `M${width + 5} 1005 V905 Q${round(width * 0.8)} 900 ${round(width * 0.56)} 1005 Z`;
  const trees = Array.from({ length: 5 }, (_, at) => {
    const part = 0.02 + at * 0.055 + random() * 0.02;
    return conifer(
      canvas,
      left ? width * part : width * (1 - part),
      935 + at * 9,
      330 - at * 46 + random() * 60,
      palette.near,
    );
  });
  const home = /cabin|house|cottage/.test(words) ? cottage(canvas, left ? width * 0.3 : width * 0.7, 962, 110) : '';
  return `<path fill="${palette.near}" d="${corner}"/>${home}${trees.toReversed().join('')}`;
}

/** Hills that come towards the viewer. */
function foreground(canvas: Canvas, words: string): string {
  const { horizon, width } = canvas;
  const home = /cabin|house|cottage/.test(words) ? cottage(canvas, width * 0.6, 845, 110) : '';
  return [
    ridge(canvas, { base: horizon + 120, height: 120, scale: 1.9, row: 6, depth: 0.62 }),
    treeLine(canvas, horizon + 118, 56, 0.75),
    haze(canvas, horizon + 140, 150, 0.3),
    ridge(canvas, { base: horizon + 230, height: 110, scale: 1.5, row: 7, depth: 0.82 }),
    home,
    treeLine(canvas, horizon + 300, 130, 1),
    ridge(canvas, { base: horizon + 350, height: 70, scale: 1.2, row: 8, depth: 1, rough: 3 }),
  ].join('');
}

/** Darker corners and a grain that hides the steps of gradients. */
function finish(canvas: Canvas): string {
  const shade = canvas.id();
  const grain = canvas.id();
  return [
    `<radialGradient id="${shade}" cx="0.5" cy="0.46" r="0.78"><stop offset="0.62" stop-color="#000010" stop-opacity="0"/><stop offset="1" stop-color="#000010" stop-opacity="0.34"/></radialGradient>`,
    `<filter id="${grain}"><feTurbulence type="fractalNoise" baseFrequency="0.85" numOctaves="2" seed="7"/><feColorMatrix values="0 0 0 0 0.5  0 0 0 0 0.5  0 0 0 0 0.5  0.5 0 0 0 -0.19"/></filter>`,
    `<rect width="${canvas.width}" height="1000" fill="url(#${shade})"/>`,
    `<rect width="${canvas.width}" height="1000" filter="url(#${grain})" opacity="0.16"/>`,
  ].join('');
}

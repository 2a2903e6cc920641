import { blend } from './colour.ts';
import { gradient, round, type Canvas } from './canvas.ts';

/** Water below the horizon with the scene above mirrored in it, ripples, and the light's glitter. `above` is drawn twice. */
export function water(canvas: Canvas, above: string): string {
  const { width, horizon, palette, random, sun } = canvas;
  const id = canvas.id();
  const ripple = canvas.id();
  const clip = canvas.id();
  const seed = Math.floor(random() * 1000);
  const defs = [
    `<g id="${id}">${above}</g>`,
    `<filter id="${ripple}" x="0" y="0" width="100%" height="100%"><feTurbulence type="fractalNoise" baseFrequency="0.006 0.06" numOctaves="3" seed="${seed}" result="n"/><feDisplacementMap in="SourceGraphic" in2="n" scale="46" xChannelSelector="R" yChannelSelector="G"/><feGaussianBlur stdDeviation="3 1"/></filter>`,
    `<clipPath id="${clip}"><rect x="0" y="${round(horizon)}" width="${width}" height="${round(1000 - horizon)}"/></clipPath>`,
  ].join('');
  const depth = gradient(canvas, [
    { at: 0, colour: blend(palette.sky[2], palette.near, 0.25), opacity: 0.18 },
    { at: 1, colour: blend(palette.near, palette.sky[0], 0.35), opacity: 0.82 },
  ]);
  // The mirrored scene is a little wider than the picture: ripples must not tear its edges open.
  const mirror = `<g clip-path="url(#${clip})"><g filter="url(#${ripple})"><rect x="-60" y="${round(horizon)}" width="${width + 120}" height="${round(1000 - horizon)}" fill="${palette.sky[2]}"/><use href="#${id}" transform="matrix(1.08 0 0 -1 ${round(-0.04 * width)} ${round(horizon * 2)})"/></g></g>`;
  const tint = `<rect x="0" y="${round(horizon)}" width="${width}" height="${round(1000 - horizon)}" fill="url(#${depth.id})"/>`;
  const glints = Array.from({ length: 130 }, () => {
    const down = random() ** 1.3;
    const y = horizon + 5 + down * (990 - horizon);
    const spread = 14 + down * 150;
    const x = sun.x + (random() + random() - 1) * spread;
    const length = (5 + down * 34) * (0.4 + random());
    return `<ellipse cx="${round(x)}" cy="${round(y)}" rx="${round(length)}" ry="${round(0.8 + down * 2)}" opacity="${round(0.15 + random() * 0.5 * (1 - down * 0.5))}"/>`;
  });
  const waves = Array.from({ length: 70 }, () => {
    const down = random() ** 1.2;
    const y = horizon + 8 + down * (985 - horizon);
    const length = (16 + down * 110) * (0.5 + random());
    return `<ellipse cx="${round(random() * width)}" cy="${round(y)}" rx="${round(length)}" ry="${round(0.7 + down * 1.9)}" opacity="${round(0.06 + random() * 0.16)}"/>`;
  });
  return `<defs>${defs}${depth.def}</defs><use href="#${id}"/>${mirror}${tint}<g fill="${palette.sky[3]}">${waves.join('')}</g><g fill="${palette.light}">${glints.join('')}</g>`;
}

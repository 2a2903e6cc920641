import type { JobError } from '../../../lib/jobs/job-error.ts';

type Memory = NonNullable<JobError['memory']>;

/** Torch counts in 1024s, also where it writes GB. */
const UNITS: Record<string, number> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };
const SIZE = String.raw`([\d.]{1,20}) ?(?:([KMGT])i?)?(?:B|bytes?)\b`;

/** Texts that name what was asked for, what was free and what there is; the first that fits counts. */
const WANTED = sizes(
  `tried to allocate ${SIZE}`,
  `Requested\\s{0,40}: ${SIZE}`,
  `Could not allocate tensor with ${SIZE}`,
  `Unable to allocate ${SIZE}`,
  `requested buffer of size ${SIZE}`,
  'requested buffer of size ([\\d]{1,20})()',
  `Invalid buffer size: ${SIZE}`,
);
const FREE = sizes(`of which ${SIZE} is free`, `Free \\(according to CUDA\\)\\s{0,40}: ${SIZE}`, `; ${SIZE} free;`);
const TOTAL = sizes(
  `total capac(?:i)?ty of ${SIZE}`,
  `Device limit\\s{0,40}: ${SIZE}`,
  `${SIZE} total capac(?:i)?ty`,
  `max allowed: ${SIZE}`,
);
const HELD_BY_MPS = new RegExp(`MPS allocated: ${SIZE}, other allocations: ${SIZE}`, 'i');

/** The numbers that a message about missing memory tells (CUDA, ROCm, MPS, DirectML, CPU); undefined where none. */
export function memoryNumbers(message: string): Memory | undefined {
  const wanted = first(WANTED, message);
  const total = first(TOTAL, message);
  const free = first(FREE, message) ?? freeOfMps(message, total);
  // Drivers that report more free than there is have counted below zero.
  const believed = free !== undefined && total !== undefined && free > total ? undefined : free;
  if (wanted === undefined && total === undefined && believed === undefined) return undefined;
  return {
    ...(wanted !== undefined && { wanted }),
    ...(believed !== undefined && { free: believed }),
    ...(total !== undefined && { total }),
  };
}

function freeOfMps(message: string, total: number | undefined): number | undefined {
  const held = HELD_BY_MPS.exec(message);
  if (!held || total === undefined) return undefined;
  const used = (bytes(held[1], held[2]) ?? 0) + (bytes(held[3], held[4]) ?? 0);
  return Math.max(0, total - used);
}

function sizes(...patterns: string[]): readonly RegExp[] {
  return patterns.map((pattern) => new RegExp(pattern, 'i'));
}

function first(patterns: readonly RegExp[], message: string): number | undefined {
  for (const pattern of patterns) {
    const found = pattern.exec(message);
    if (found) return bytes(found[1], found[2]);
  }
  return undefined;
}

function bytes(amount: string | undefined, unit: string | undefined): number | undefined {
  const value = Number(amount) * (UNITS[(unit ?? '').toUpperCase()] ?? 1);
  return Number.isFinite(value) ? Math.round(value) : undefined;
}

/** `20.0 GiB`, as torch writes it. */
export function sizeText(size: number): string {
  const [unit, factor] =
    Object.entries(UNITS)
      .toReversed()
      .find(([name, one]) => name !== '' && size >= one) ?? [];
  return unit === undefined || factor === undefined ? `${size} bytes` : `${(size / factor).toFixed(1)} ${unit}iB`;
}

import { MAX_BATCH_JOBS, type BatchAxis } from './batch-plan.ts';

/** What the values of a swept field are. */
export type SweepKind = 'text' | 'choice' | 'integer' | 'number' | 'switch';

/** The values a person wrote, or one sentence that says what is wrong with them. */
export type SweepValues = { values: BatchAxis['values'] } | { error: string };

/** Most characters that are looked at. */
const MAX_TEXT = 1_000_000;
/** Most characters of one value. */
const MAX_VALUE = 20_000;
/** Most characters of a number or a range. */
const MAX_NUMBER = 200;
const MOST = MAX_BATCH_JOBS.toLocaleString('en');

const NUMBER = String.raw`[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?`;
const RANGE = new RegExp(`^(${NUMBER})\\s*\\.\\.\\s*(${NUMBER})(?:\\s+(step|in)\\s+(\\S+))?$`, 'i');
const ONE_NUMBER = new RegExp(`^${NUMBER}$`, 'i');
const SWITCHES: Readonly<Record<string, boolean>> = {
  true: true,
  on: true,
  yes: true,
  false: false,
  off: false,
  no: false,
};

/**
 * Reads values as a person writes them: one a line, or with commas between (`"…"` keeps a comma within a value). Numbers
 * may be ranges: `1..10`, `1..10 step 2`, `0.1..1 in 5`.
 */
export function parseSweepValues(text: string, kind: SweepKind): SweepValues {
  if (text.length > MAX_TEXT) return { error: 'The list is too long: give fewer or shorter values.' };
  const parts = partsOf(text);
  if (parts.length === 0) return { error: 'Give at least one value.' };
  const values: BatchAxis['values'] = [];
  for (const part of parts) {
    const read = readPart(part, kind);
    if ('error' in read) return read;
    values.push(...read.values);
    if (values.length > MAX_BATCH_JOBS) return { error: `These are more than ${MOST} values: give fewer.` };
  }
  return { values };
}

function partsOf(text: string): string[] {
  const trimmed = text.trim();
  const parts = trimmed.includes('\n') ? trimmed.split('\n') : commaParts(trimmed);
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function commaParts(line: string): string[] {
  return line.match(/\s*"[^"]*"\s*(?=,|$)|[^,]+/g) ?? [];
}

function readPart(part: string, kind: SweepKind): SweepValues {
  if (kind === 'text' || kind === 'choice') {
    const value = part.length > 1 && part.startsWith('"') && part.endsWith('"') ? part.slice(1, -1) : part;
    if (value.length > MAX_VALUE)
      return { error: `A value is longer than ${MAX_VALUE.toLocaleString('en')} characters.` };
    return { values: [value] };
  }
  if (kind === 'switch') {
    const value = SWITCHES[part.toLowerCase()];
    return value === undefined
      ? { error: `${quoted(part)} is neither on nor off: write on or off.` }
      : { values: [value] };
  }
  if (part.length > MAX_NUMBER) return { error: `${quoted(part)} is not a number.` };
  const range = RANGE.exec(part);
  return range ? readRange(part, range, kind) : readNumbers(part, [part], kind);
}

function readRange(part: string, range: RegExpExecArray, kind: SweepKind): SweepValues {
  const [, first = '', last = '', how, given = ''] = range;
  const [from, to, by] = [Number(first), Number(last), Number(given)];
  if (how !== undefined && !ONE_NUMBER.test(given))
    return { error: `In ${quoted(part)}, ${quoted(given)} is not a number.` };
  if (how?.toLowerCase() === 'in') {
    if (!Number.isInteger(by) || by < 2)
      return { error: `In ${quoted(part)}, the number of values after “in” must be 2 or more.` };
    if (by > MAX_BATCH_JOBS) return { error: `${quoted(part)} makes more than ${MOST} values: give fewer.` };
    return readNumbers(part, evenly(from, to, by), kind);
  }
  if (how !== undefined && by === 0) return { error: `In ${quoted(part)}, the step must not be 0.` };
  const step = how === undefined ? Math.sign(to - from) || 1 : Math.abs(by) * (Math.sign(to - from) || 1);
  // A last value that only rounding keeps out is one of the range.
  const steps = Math.floor((to - from) / step + 1e-9);
  if (steps >= MAX_BATCH_JOBS) return { error: `${quoted(part)} makes more than ${MOST} values: use a larger step.` };
  return readNumbers(
    part,
    Array.from({ length: steps + 1 }, (_, at) => from + at * step),
    kind,
  );
}

function evenly(from: number, to: number, count: number): number[] {
  return Array.from({ length: count }, (_, at) => from + ((to - from) * at) / (count - 1));
}

function readNumbers(part: string, numbers: readonly (number | string)[], kind: SweepKind): SweepValues {
  const values: number[] = [];
  for (const number of numbers) {
    if (typeof number === 'string' && !ONE_NUMBER.test(number))
      return { error: `${quoted(part)} is not a number or a range such as 1..10 step 2.` };
    const value = typeof number === 'string' ? Number(number) : withoutDust(number);
    if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER)
      return { error: `${quoted(part)} is too large a number.` };
    if (kind === 'integer' && !Number.isInteger(value))
      return { error: `${quoted(part)} gives ${value}, and only whole numbers are taken here.` };
    values.push(value);
  }
  return { values };
}

/** What adding up fractions leaves behind the twelfth digit is cut off: 0.30000000000000004 is 0.3. */
function withoutDust(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(12));
}

function quoted(part: string): string {
  return `“${part.length > 60 ? `${part.slice(0, 59)}…` : part}”`;
}

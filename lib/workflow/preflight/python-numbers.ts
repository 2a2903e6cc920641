/** Longest text of digits that Python turns into a whole number. Source: `sys.get_int_max_str_digits`. */
const MAX_DIGITS = 4300;
const WHOLE = /^\s*[+-]?\p{Nd}(?:_?\p{Nd})*\s*$/u;
const DECIMAL =
  /^\s*[+-]?(?:\p{Nd}(?:_?\p{Nd})*(?:\.(?:\p{Nd}(?:_?\p{Nd})*)?)?|\.\p{Nd}(?:_?\p{Nd})*)(?:e[+-]?\p{Nd}(?:_?\p{Nd})*)?\s*$/iu;
const SPECIAL = /^\s*([+-]?)(?:(inf(?:inity)?)|nan)\s*$/iu;

/** What Python's `int(value)` gives of a JSON value; undefined where it raises. */
export function pythonInt(value: unknown): number | undefined {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'number') return Number.isFinite(value) ? Math.trunc(value) : undefined;
  if (typeof value !== 'string' || value.length > 2 * MAX_DIGITS || !WHOLE.test(value)) return undefined;
  const digits = plain(value);
  return digits.replace(/^[+-]/u, '').length > MAX_DIGITS ? undefined : Number(digits);
}

/** What Python's `float(value)` gives of a JSON value; undefined where it raises. */
export function pythonFloat(value: unknown): number | undefined {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const special = SPECIAL.exec(value);
  if (special) return special[2] === undefined ? Number.NaN : special[1] === '-' ? -Infinity : Infinity;
  return DECIMAL.test(value) ? Number(plain(value)) : undefined;
}

/** The number as JavaScript reads it: Python takes underscores, and the digits of every script. */
function plain(number: string): string {
  return number
    .trim()
    .replaceAll('_', '')
    .replaceAll(/\p{Nd}/gu, (digit) => (/\d/u.test(digit) ? digit : String(digitOf(digit.codePointAt(0) ?? 0))));
}

/** Digits of a script stand in rows from 0 to 9, one after another. Source: Unicode, category Nd. */
function digitOf(codePoint: number): number {
  let before = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(codePoint - before - 1))) before += 1;
  return before % 10;
}

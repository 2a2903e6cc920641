/** Longest text of digits that Python turns into a whole number. Source: `sys.get_int_max_str_digits`. */
const MAX_DIGITS = 4300;
const WHOLE = /^\s*[+-]?\p{Nd}(?:_?\p{Nd})*\s*$/u;
const DECIMAL =
  /^\s*[+-]?(?:\p{Nd}(?:_?\p{Nd})*(?:\.(?:\p{Nd}(?:_?\p{Nd})*)?)?|\.\p{Nd}(?:_?\p{Nd})*)(?:e[+-]?\p{Nd}(?:_?\p{Nd})*)?\s*$/iu;
const SPECIAL = /^\s*([+-]?)(?:(inf(?:inity)?)|nan)\s*$/iu;

/** What Python's `int(value)` gives of a JSON value; undefined where it raises. Digits other than 0–9 count as no number. */
export function pythonInt(value: unknown): number | undefined {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'number') return Number.isFinite(value) ? Math.trunc(value) : undefined;
  if (typeof value !== 'string' || value.length > 2 * MAX_DIGITS || !WHOLE.test(value)) return undefined;
  const digits = value.trim().replaceAll('_', '');
  return digits.replace(/^[+-]/u, '').length > MAX_DIGITS ? undefined : Number(digits);
}

/** What Python's `float(value)` gives of a JSON value; undefined where it raises. */
export function pythonFloat(value: unknown): number | undefined {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const special = SPECIAL.exec(value);
  if (special) return special[2] === undefined ? Number.NaN : special[1] === '-' ? -Infinity : Infinity;
  return DECIMAL.test(value) ? Number(value.trim().replaceAll('_', '')) : undefined;
}

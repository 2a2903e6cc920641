/** Most characters of a value on a node. */
const MAX_LENGTH = 200;

/** A widget's value as short text. */
export function shortValue(value: unknown): string {
  const text = textOf(value);
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 1)}…` : text;
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'object') return String(value);
  const wrapped = '__value__' in value ? value.__value__ : value;
  return JSON.stringify(wrapped) ?? '';
}

/** JSON as Python writes it: `NaN` and `Infinity` outside of strings become strings of that name. */
export function parseTolerant(text: string): unknown {
  return JSON.parse(
    text.replace(/"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g, (part) => (part.startsWith('"') ? part : `"${part}"`)),
  );
}

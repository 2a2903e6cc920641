/** `INFO` as pairs; anything that is no `name:value` line is left out. */
export function readInfo(text: unknown): Map<string, string> {
  const pairs = typeof text === 'string' ? text.split(/\r?\n/) : [];
  return new Map(
    pairs.flatMap((line): [string, string][] => {
      const colon = line.indexOf(':');
      return colon > 0 && !line.startsWith('#') ? [[line.slice(0, colon), line.slice(colon + 1)]] : [];
    }),
  );
}

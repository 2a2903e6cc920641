/** What Python's `json` writes and `JSON.parse` refuses. The longest first, so that the sign goes with its word. */
const PYTHON_NUMBERS = ['-Infinity', 'Infinity', 'NaN'] as const;

/**
 * Parses JSON as Python writes it: `NaN`, `Infinity` and `-Infinity` outside strings become `null`. All else as
 * `JSON.parse`, in time linear in the length. @throws SyntaxError
 */
export function parseTolerantJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!PYTHON_NUMBERS.some((word) => text.includes(word))) throw error;
  }
  return JSON.parse(withNulls(text));
}

function withNulls(text: string): string {
  const parts: string[] = [];
  let from = 0;
  let at = 0;
  while (at < text.length) {
    const char = text[at];
    if (char === '"') {
      at = endOfString(text, at + 1);
      continue;
    }
    const word =
      char === 'N' || char === 'I' || char === '-'
        ? PYTHON_NUMBERS.find((number) => text.startsWith(number, at))
        : undefined;
    if (word === undefined) {
      at += 1;
      continue;
    }
    parts.push(text.slice(from, at), 'null');
    at += word.length;
    from = at;
  }
  parts.push(text.slice(from));
  return parts.join('');
}

/** The place after the closing quote, or the end of an unclosed string. */
function endOfString(text: string, start: number): number {
  let at = start;
  while (at < text.length) {
    const char = text[at];
    if (char === '"') return at + 1;
    at += char === '\\' ? 2 : 1;
  }
  return at;
}

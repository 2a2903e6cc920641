/** Deepest nesting of objects and lists that is read. A workflow of ComfyUI has some ten levels. */
export const MAX_JSON_DEPTH = 100;
/** Most objects and lists of one text: 50,000 nodes with forty each. */
export const MAX_JSON_CONTAINERS = 2_000_000;

const TOO_DEEP = `The JSON is nested more than ${MAX_JSON_DEPTH} levels deep, which no workflow is.`;
const TOO_MANY = `The JSON has more than ${MAX_JSON_CONTAINERS.toLocaleString('en')} objects and lists, which no workflow has.`;

/** What forbids to parse a text, as a sentence: found before memory is spent on it. Time is linear in the length. */
export function textTrouble(text: string): string | null {
  let depth = 0;
  let containers = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === 0x22) at = endOfString(text, at);
    else if (char === 0x5b || char === 0x7b) {
      depth += 1;
      containers += 1;
      if (depth > MAX_JSON_DEPTH) return TOO_DEEP;
      if (containers > MAX_JSON_CONTAINERS) return TOO_MANY;
    } else if (char === 0x5d || char === 0x7d) depth -= 1;
  }
  return null;
}

/** The place of the quote that closes the string which opens at `start`, or the end of the text. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length) {
    const char = text.charCodeAt(at);
    if (char === 0x22) return at;
    at += char === 0x5c ? 2 : 1;
  }
  return at;
}

/** The same of a value that somebody else parsed. */
export function valueTrouble(value: unknown): string | null {
  let containers = 0;
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    const next: unknown[] = [];
    for (const one of level) {
      if (typeof one !== 'object' || one === null) continue;
      if (depth >= MAX_JSON_DEPTH) return TOO_DEEP;
      containers += 1;
      if (containers > MAX_JSON_CONTAINERS) return TOO_MANY;
      for (const child of Object.values(one)) if (typeof child === 'object') next.push(child);
    }
    level = next;
  }
  return null;
}

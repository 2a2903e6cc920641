/** What a text with choices in it came to. */
export interface ChosenText {
  text: string;
  /** Whether there was a choice to make. */
  chose: boolean;
}

/** Deepest braces within braces. */
const MAX_DEPTH = 50;

/**
 * Takes comments out of a prompt and settles `{one|another}`; `\{`, `\|` and `\}` stand for the signs themselves. The
 * editor chooses at random, here it is the first, so that the same file gives the same prompt.
 */
export function settleText(text: string, depth = 0): ChosenText {
  const given = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
  let settled = '';
  let chose = false;
  for (let at = 0; at < given.length; at += 1) {
    const sign = given[at];
    if (sign === '\\') {
      settled += `\\${given[at + 1] ?? ''}`;
      at += 1;
    } else if (sign === '{' && depth < MAX_DEPTH) {
      const block = readBlock(given, at + 1);
      const inner = settleText(block.first, depth + 1);
      settled += inner.text;
      chose ||= block.choices > 1 || inner.chose;
      at = block.end;
    } else settled += sign;
  }
  return { text: settled.replace(/\\([{}|])/g, '$1'), chose };
}

/** The first choice of a block that begins at `start`, and where the block ends: at its brace or with the text. */
function readBlock(text: string, start: number): { first: string; choices: number; end: number } {
  let first: string | undefined;
  let from = start;
  let choices = 1;
  let open = 0;
  let at = start;
  for (; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '\\') at += 1;
    else if (sign === '{') open += 1;
    else if (sign === '}' && open === 0) break;
    else if (sign === '}') open -= 1;
    else if (sign === '|' && open === 0) {
      first ??= text.slice(from, at);
      from = at + 1;
      choices += 1;
    }
  }
  return { first: first ?? text.slice(from, at), choices, end: at };
}

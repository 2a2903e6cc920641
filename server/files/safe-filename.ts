/** Control, bidirectional, zero-width and other characters that hide what a name is. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffd]/gu;
/** Names Windows keeps for devices, whatever the extension. */
const RESERVED = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;
/** Most file systems take 255 bytes; a browser may add " (1)". */
const MAX_BYTES = 200;
const MAX_EXTENSION = 12;

/**
 * A pod's file name as a name to show and to save under: one path segment that every system takes. It is never used
 * as a path here.
 */
export function safeFilename(given: string, fallback: string): string {
  // UTF-8 and back: a lone surrogate becomes U+FFFD, which goes with what is hidden.
  const segment = Buffer.from(given).toString().split(/[/\\]/).at(-1) ?? '';
  const plain = segment
    .normalize('NFC')
    .replace(HIDDEN, '')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/^[.\s]+|[.\s]+$/g, '');
  if (plain === '') return fallback;
  const short = shorten(plain).replace(/[.\s]+$/, '');
  return RESERVED.test(short) ? `_${short}` : short;
}

/** At most `MAX_BYTES` of UTF-8, the extension kept. */
function shorten(name: string): string {
  if (Buffer.byteLength(name) <= MAX_BYTES) return name;
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 && name.length - dot <= MAX_EXTENSION ? name.slice(dot) : '';
  const room = MAX_BYTES - Buffer.byteLength(extension);
  let stem = '';
  let used = 0;
  for (const character of name.slice(0, name.length - extension.length)) {
    used += Buffer.byteLength(character);
    if (used > room) break;
    stem += character;
  }
  return stem + extension;
}

/** One character a byte: names of chunks and boxes, and text of formats that know no other. */
export function latin1(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes);
}

/** UTF-8, which many programs write also where a format says Latin-1; Latin-1 where it is none. */
export function utf8OrLatin1(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return latin1(bytes);
  }
}

/** UTF-16 with or without a mark of its byte order; without, the side on which the first character has its zero tells. */
export function utf16(bytes: Uint8Array): string {
  const bigEndian = (bytes[0] === 0xfe && bytes[1] === 0xff) || (bytes[0] === 0 && bytes[1] !== 0);
  return new TextDecoder(bigEndian ? 'utf-16be' : 'utf-16le').decode(bytes);
}

/** The bytes before the first zero and those after it; without a zero there is nothing after. */
export function splitAtZero(bytes: Uint8Array): [Uint8Array, Uint8Array] {
  const zero = bytes.indexOf(0);
  return zero < 0 ? [bytes, bytes.subarray(bytes.length)] : [bytes.subarray(0, zero), bytes.subarray(zero + 1)];
}

/** Whether bytes begin with these characters. */
export function startsWith(bytes: Uint8Array, text: string, at = 0): boolean {
  return bytes.length >= at + text.length && [...text].every((char, index) => bytes[at + index] === char.charCodeAt(0));
}

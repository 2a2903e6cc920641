/** Unpacks zlib data, or `null` where it is damaged or would become larger than `maxBytes`. */
export async function inflate(packed: Uint8Array, maxBytes: number): Promise<Uint8Array | null> {
  const reader = new Blob([new Uint8Array(packed)])
    .stream()
    .pipeThrough(new DecompressionStream('deflate'))
    .getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      size += value.length;
      if (size > maxBytes) {
        await reader.cancel();
        return null;
      }
    }
  } catch {
    return null;
  }
  return joinBytes(parts);
}

/** Pieces of bytes as one. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

import { cutOff, damaged } from './file-fault.ts';
import type { RangeReader } from './range-reader.ts';

/** An element: its content lies from `start` to `end`, bytes of the file. `id` keeps its marker bits, as tables have it. */
export interface EbmlElement {
  id: number;
  start: number;
  end: number;
}

/**
 * The elements between two places of a file. Of one whose size its writer did not know the children follow as if they stood
 * beside it. Source: RFC 8794, 4 and 5. @throws FileFault
 */
export async function* ebmlElements(file: RangeReader, from: number, to: number): AsyncGenerator<EbmlElement> {
  for (let at = from; at < to;) {
    file.countPart();
    const id = await variableInt(file, at, 4, true);
    const size = await variableInt(file, at + id.bytes, 8, false);
    const start = at + id.bytes + size.bytes;
    const unknown = size.value === 2 ** (7 * size.bytes) - 1;
    const end = unknown ? to : start + size.value;
    if (end > to && to !== file.size) throw damaged('list of elements');
    // A film that is cut off still has its tags before it.
    yield { id: id.value, start, end: Math.min(end, to) };
    if (end > to) throw cutOff();
    at = unknown ? start : end;
  }
}

async function variableInt(file: RangeReader, at: number, maxBytes: number, keepMarker: boolean) {
  const [first = 0] = await file.bytes(at, 1);
  const bytes = Math.clz32(first) - 23;
  if (bytes > maxBytes) throw damaged('list of elements');
  const rest = (await file.bytes(at, bytes)).subarray(1);
  const head = keepMarker ? first : first & (0xff >> bytes);
  return { bytes, value: rest.reduce((number, byte) => number * 256 + byte, head) };
}

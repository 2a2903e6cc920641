import { Cursor } from './cursor.ts';
import { cutOff, damaged } from './file-fault.ts';
import type { RangeReader } from './range-reader.ts';
import { latin1 } from './text-decoding.ts';

/** A box: its content lies from `start` to `end`, bytes of the file. */
export interface Box {
  type: string;
  start: number;
  end: number;
}

/** The boxes between two places of a file. Source: ISO/IEC 14496-12, 4.2. @throws FileFault */
export async function* boxes(file: RangeReader, from: number, to: number): AsyncGenerator<Box> {
  for (let at = from; at + 8 <= to;) {
    file.countPart();
    const header = new Cursor(await file.bytes(at, 8), 'boxes');
    const short = header.u32();
    const type = latin1(header.take(4));
    const [headerBytes, size] = await sizeOf(file, at, short, to);
    const end = at + size;
    if (size < headerBytes) throw damaged('list of boxes');
    if (end > to) throw to === file.size ? cutOff() : damaged('list of boxes');
    yield { type, start: at + headerBytes, end };
    at = end;
  }
}

/** 1 says that the size stands behind the type in eight bytes, 0 that the box is the last one. */
async function sizeOf(file: RangeReader, at: number, short: number, to: number): Promise<[number, number]> {
  if (short === 0) return [8, to - at];
  if (short !== 1) return [8, short];
  return [16, new Cursor(await file.bytes(at + 8, 8), 'boxes').unsigned(8)];
}

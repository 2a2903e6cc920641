import { readFile } from 'node:fs/promises';
import { writeWhole } from '../files/durable-files.ts';
import type { OutputFiles } from './job-folder.ts';
import { isDecodable, smallPicture } from './pictures.ts';

/** The widths that are made. A width asked for is rounded up, so that a picture has few thumbnails, not a thousand. */
const WIDTHS_PX = [64, 96, 128, 192, 256, 384, 512, 768];
const MAX_WIDTH_PX = 1024;
/** Decoding takes memory by the picture's size: so many at once. */
const AT_ONCE = 2;
/** Pictures known not to be decodable, so that a page that shows one does not try each time. */
const MAX_HOPELESS = 1000;

/** Makes small pictures, each once, and keeps them beside the original. */
export class Thumbnails {
  private readonly making = new Map<string, Promise<Uint8Array | undefined>>();
  private readonly hopeless = new Set<string>();
  private readonly queue: (() => void)[] = [];
  private running = 0;

  async get(files: OutputFiles, contentType: string, widthPx: number): Promise<Uint8Array | undefined> {
    if (!isDecodable(contentType) || this.hopeless.has(files.content)) return undefined;
    const width = WIDTHS_PX.find((step) => step >= widthPx) ?? MAX_WIDTH_PX;
    const path = files.thumbnail(width);
    const kept = await readFile(path).catch(() => undefined);
    if (kept) return kept;
    const making = this.making.get(path) ?? this.make(files.content, path, width);
    this.making.set(path, making);
    return making.finally(() => this.making.delete(path));
  }

  private async make(content: string, path: string, width: number): Promise<Uint8Array | undefined> {
    await this.turn();
    try {
      const picture = await smallPicture(content, width);
      if (!picture) {
        if (this.hopeless.size < MAX_HOPELESS) this.hopeless.add(content);
        return undefined;
      }
      // A thumbnail that cannot be kept is still a thumbnail.
      await writeWhole(path, picture).catch(() => undefined);
      return picture;
    } finally {
      this.running -= 1;
      this.queue.shift()?.();
    }
  }

  private async turn(): Promise<void> {
    while (this.running >= AT_ONCE) await new Promise<void>((resolve) => this.queue.push(resolve));
    this.running += 1;
  }
}

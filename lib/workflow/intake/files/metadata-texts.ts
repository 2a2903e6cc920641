import { MAX_WORKFLOW_BYTES } from '../intake.ts';
import { FileFault } from './file-fault.ts';

const MAX_TEXTS = 1000;
const MAX_CHARS = 2 * MAX_WORKFLOW_BYTES;

/** What a file says of itself in words: named texts, within bounds of number and size. */
export class MetadataTexts {
  readonly texts: { name: string; text: string }[] = [];
  readonly notes: string[] = [];
  #charsLeft = MAX_CHARS;

  /** `name` counts in small letters. @throws FileFault where there are too many or they are too large together */
  add(name: string, text: string): void {
    this.#charsLeft -= text.length;
    if (this.texts.length >= MAX_TEXTS || this.#charsLeft < 0)
      throw new FileFault('The file has more metadata than is read; the rest was left out.');
    this.texts.push({ name: name.toLowerCase().slice(0, 200), text });
  }

  /** Whether a part of so many bytes is small enough to be read; where not, that is noted. */
  fits(name: string, bytes: number): boolean {
    if (bytes <= MAX_WORKFLOW_BYTES) return true;
    this.notes.push(`“${name.slice(0, 60)}” has more than ${MAX_WORKFLOW_BYTES / 1024 / 1024} MB and was not read.`);
    return false;
  }
}

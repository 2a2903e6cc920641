/** Why the rest of a file cannot be read; `message` is a sentence for people. What was found before stays found. */
export class FileFault extends Error {
  override readonly name = 'FileFault';
}

export function cutOff(): FileFault {
  return new FileFault('The file is cut off: its end is missing.');
}

export function damaged(what: string): FileFault {
  return new FileFault(`The file is damaged: its ${what} cannot be followed.`);
}

/** Kinds of files an input takes. */
export type Accepts = 'image' | 'video' | 'audio' | 'any';

/** A kind as it is called in a sentence, with its article. */
export const KIND_NAMES: Readonly<Record<Accepts, string>> = {
  image: 'an image',
  video: 'a video',
  audio: 'a sound',
  any: 'a file',
};

const EXTENSIONS: readonly [Accepts, RegExp][] = [
  ['image', /\.(png|jpe?g|webp|gif|avif|bmp|tiff?)$/i],
  ['video', /\.(mp4|webm|mov|mkv|avi|mpe?g)$/i],
  ['audio', /\.(mp3|flac|ogg|opus|wav|m4a|aac)$/i],
];

/** The kind of a file by its name; `any` where that does not say. */
export function kindByName(name: string): Accepts {
  return EXTENSIONS.find(([, pattern]) => pattern.test(name))?.[0] ?? 'any';
}

/** What to tell a person whose file this input does not take; undefined where it does. `kind`: `image`, `video`, … */
export function notAccepted(accepts: Accepts, kind: string, name: string): string | undefined {
  if (accepts === 'any' || kind === accepts) return undefined;
  return `“${name}” is not ${KIND_NAMES[accepts]}: choose ${KIND_NAMES[accepts]}.`;
}

import type { IntakeSource } from '../intake.ts';
import { startsWith } from './text-decoding.ts';

/** Kinds whose metadata is read by range. */
export type MediaKind = Exclude<IntakeSource, 'json' | 'svg'>;

/** What a file is, by its first bytes; `other` says it in words, with its article. */
export type FileKind = { is: MediaKind } | { is: 'text' } | { is: 'other'; what: string };

/** Bytes that `fileKind` wants to see. */
export const KIND_BYTES = 512;

type Sign = readonly [at: number, text: string, kind: FileKind];
const is = (source: MediaKind): FileKind => ({ is: source });
const other = (what: string): FileKind => ({ is: 'other', what });

const BOXED_PICTURES = ['avif', 'avis', 'mif1', 'msf1', 'heic', 'heix', 'hevc'];
const SIGNS: readonly Sign[] = [
  [0, '\x89PNG\r\n\x1a\n', is('png')],
  [0, '\xff\xd8\xff', is('jpeg')],
  [8, 'WEBP', is('webp')],
  [8, 'WAVE', other('a WAV sound, which ComfyUI saves without a workflow')],
  [8, 'AVI ', other('an AVI film, which ComfyUI saves without a workflow')],
  ...BOXED_PICTURES.map((brand): Sign => [4, `ftyp${brand}`, is('avif')]),
  [4, 'ftyp', is('mp4')],
  [4, 'moov', is('mp4')],
  ...['\x08wide', '\x08free', '\x08skip', '\x01mdat'].map((box): Sign => [0, `\0\0\0${box}`, is('mp4')]),
  [0, '\x1a\x45\xdf\xa3', is('webm')],
  [0, 'fLaC', is('flac')],
  [0, 'ID3', is('mp3')],
  [0, 'OggS', is('ogg')],
  [0, 'glTF', is('glb')],
  [4, '\0\0\0\0{', is('safetensors')],
  [0, 'GIF8', other('a GIF picture, which ComfyUI saves without a workflow')],
  [0, 'PK\x03\x04', other('a ZIP archive: unpack it and take the file inside')],
  [0, '\x1f\x8b', other('a gzip archive: unpack it and take the file inside')],
  [0, '7z\xbc\xaf\x27\x1c', other('a 7z archive: unpack it and take the file inside')],
  [0, 'Rar!\x1a\x07', other('a RAR archive: unpack it and take the file inside')],
  [0, '%PDF-', other('a PDF')],
  [0, 'II*\0', other('a TIFF picture or a camera’s raw one')],
  [0, 'MM\0*', other('a TIFF picture or a camera’s raw one')],
  [0, 'GGUF', other('a model (GGUF)')],
  [0, 'SQLite format 3\0', other('a database')],
];

/** Judges by content alone: names lie. */
export function fileKind(start: Uint8Array): FileKind {
  const sign = SIGNS.find(([at, text]) => startsWith(start, text, at));
  if (sign !== undefined) return sign[2];
  if (start[0] === 0xff && ((start[1] ?? 0) & 0xe6) === 0xe2) return is('mp3');
  const marked = startsWith(start, '\xff\xfe') || startsWith(start, '\xfe\xff');
  if (marked || !start.includes(0)) return { is: 'text' };
  if (startsWith(start, 'BM')) return other('a BMP picture, which carries no workflow');
  return other('of a kind that Podium does not know');
}

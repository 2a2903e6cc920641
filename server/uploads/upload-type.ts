import type { Upload } from '../../lib/protocol/uploads.ts';
import type { Sniffed } from '../files/sniff.ts';

/** By these ComfyUI's loaders list a file: it judges by the name alone. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/apng': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/avif': 'avif',
  'image/tiff': 'tiff',
  'image/bmp': 'bmp',
  'video/mp4': 'mp4',
  'video/quicktime': 'mov',
  'video/webm': 'webm',
  'video/matroska': 'mkv',
  'video/vnd.avi': 'avi',
  'video/mpeg': 'mpg',
  'audio/mpeg': 'mp3',
  'audio/flac': 'flac',
  'audio/ogg': 'ogg',
  'audio/wav': 'wav',
  'audio/mp4': 'm4a',
  'audio/aac': 'aac',
};

/** Kind and extension of a file: by its content, and by its name only where the content is of no known kind. */
export function uploadType({ contentType, kind }: Sniffed, name: string): { kind: Upload['kind']; extension: string } {
  const named = /\.([a-z0-9]{1,8})$/i.exec(name)?.[1]?.toLowerCase() ?? 'bin';
  const isMedia = kind === 'image' || kind === 'video' || kind === 'audio';
  return { kind: isMedia ? kind : 'other', extension: EXTENSIONS[contentType] ?? named };
}

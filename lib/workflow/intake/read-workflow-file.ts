import { readAvif } from './files/avif.ts';
import { FileFault } from './files/file-fault.ts';
import { readFlac } from './files/flac.ts';
import { readMp3 } from './files/id3.ts';
import { readJpeg } from './files/jpeg.ts';
import { readGlb, readSafetensors } from './files/json-header.ts';
import { fileKind, KIND_BYTES, type MediaKind } from './files/kind.ts';
import { readMatroska } from './files/matroska.ts';
import { MetadataTexts } from './files/metadata-texts.ts';
import { readMp4 } from './files/mp4.ts';
import { readOgg } from './files/ogg.ts';
import { readPng } from './files/png.ts';
import { RangeReader } from './files/range-reader.ts';
import { readSvg } from './files/svg.ts';
import { startsWith, utf16 } from './files/text-decoding.ts';
import { textsForms, withoutWorkflow } from './files/texts-forms.ts';
import { readWebp } from './files/webp.ts';
import { MAX_WORKFLOW_BYTES, type ByteSource, type Intake } from './intake.ts';
import { judgeForms } from './judge-forms.ts';
import { readWorkflowText } from './read-workflow-value.ts';
import { ACCEPTED } from './wording.ts';

const READERS: Record<MediaKind, (file: RangeReader, texts: MetadataTexts) => Promise<void>> = {
  png: readPng,
  jpeg: readJpeg,
  webp: readWebp,
  avif: readAvif,
  mp4: readMp4,
  webm: readMatroska,
  flac: readFlac,
  mp3: readMp3,
  ogg: readOgg,
  glb: readGlb,
  safetensors: readSafetensors,
};
const NAMES: Record<MediaKind | 'svg', string> = {
  png: 'PNG',
  jpeg: 'JPEG',
  webp: 'WebP',
  avif: 'AVIF or HEIC',
  svg: 'SVG',
  mp4: 'MP4 or MOV',
  webm: 'WebM or Matroska',
  flac: 'FLAC',
  mp3: 'MP3',
  ogg: 'Ogg',
  glb: 'GLB',
  safetensors: 'safetensors',
};

/**
 * Finds the workflow in a file, whose kind is told by its content: JSON, or the metadata of a picture, video, sound, 3D object
 * or model. Media are read by range, most of them in a few kilobytes. Never throws.
 */
export async function readWorkflowFile(source: ByteSource): Promise<Intake> {
  if (source.size === 0) return { ok: false, message: `The file is empty. ${ACCEPTED}` };
  const file = new RangeReader(source);
  try {
    const kind = fileKind(await file.bytes(0, Math.min(KIND_BYTES, file.size)));
    if (kind.is === 'other') return { ok: false, message: `This file is ${kind.what}. ${ACCEPTED}` };
    return kind.is === 'text' ? await readText(file) : await readMedia(file, kind.is);
  } catch (error) {
    return { ok: false, message: `${faultOf(error)} ${ACCEPTED}` };
  }
}

async function readText(file: RangeReader): Promise<Intake> {
  if (file.size > MAX_WORKFLOW_BYTES)
    return {
      ok: false,
      message: `This file has ${Math.ceil(file.size / 1024 / 1024)} MB of text; a workflow has at most ${MAX_WORKFLOW_BYTES / 1024 / 1024} MB.`,
    };
  const bytes = await file.bytes(0, file.size);
  const marked = startsWith(bytes, '\xff\xfe') || startsWith(bytes, '\xfe\xff');
  const text = marked ? utf16(bytes) : new TextDecoder().decode(bytes);
  if (!/^\s*<(\?xml|!--|!DOCTYPE svg|svg)/.test(text.slice(0, 1000))) return readWorkflowText(text);
  const texts = new MetadataTexts();
  readSvg(text, texts);
  return verdict('svg', texts);
}

async function readMedia(file: RangeReader, source: MediaKind): Promise<Intake> {
  const texts = new MetadataTexts();
  try {
    await READERS[source](file, texts);
  } catch (error) {
    texts.notes.push(faultOf(error));
  }
  return verdict(source, texts);
}

function verdict(source: MediaKind | 'svg', texts: MetadataTexts): Intake {
  const intake = judgeForms(source, textsForms(texts));
  if (intake === null) return { ok: false, message: `${withoutWorkflow(NAMES[source], texts)} ${ACCEPTED}` };
  return intake.ok ? intake : { ok: false, message: `${intake.message} ${ACCEPTED}` };
}

function faultOf(error: unknown): string {
  return error instanceof FileFault ? error.message : 'The file cannot be read: it was moved, or its disk is away.';
}

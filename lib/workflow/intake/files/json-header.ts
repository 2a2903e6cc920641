import { isObject } from '../../../is-object.ts';
import { parseJson } from '../parse-json.ts';
import { Cursor } from './cursor.ts';
import { FileFault } from './file-fault.ts';
import type { MetadataTexts } from './metadata-texts.ts';
import type { RangeReader } from './range-reader.ts';

/** `asset.extras` of a GLB, where ComfyUI puts both forms. Source: glTF 2.0, 4.4; `SaveGLB` in `nodes_hunyuan3d.py`. */
export async function readGlb(file: RangeReader, texts: MetadataTexts): Promise<void> {
  const length = new Cursor(await file.bytes(12, 4), 'JSON', true).u32();
  const header = await readObject(file, 20, length, texts);
  const asset = header?.['asset'];
  addTexts(isObject(asset) ? asset['extras'] : null, texts);
}

/** `__metadata__` of a safetensors file, where ComfyUI puts both forms of what saved it. Source: safetensors' README, Format. */
export async function readSafetensors(file: RangeReader, texts: MetadataTexts): Promise<void> {
  const length = new Cursor(await file.bytes(0, 4), 'header', true).u32();
  const header = await readObject(file, 8, length, texts);
  addTexts(header?.['__metadata__'], texts);
}

async function readObject(file: RangeReader, at: number, length: number, texts: MetadataTexts) {
  if (!texts.fits('header', length)) return null;
  const parsed = parseJson(new TextDecoder().decode(await file.bytes(at, length)));
  if (!parsed.ok) throw new FileFault(`The file’s header cannot be read. ${parsed.message}`);
  return isObject(parsed.value) ? parsed.value : null;
}

function addTexts(value: unknown, texts: MetadataTexts): void {
  if (!isObject(value)) return;
  for (const [name, text] of Object.entries(value))
    texts.add(name, typeof text === 'string' ? text : JSON.stringify(text));
}

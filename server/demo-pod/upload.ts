import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { PodDisk } from './disk.ts';
import { empty, json, type Answer } from './http-answer.ts';

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** `POST /upload/image`: same bytes keep their name, other bytes get `name (1).png`, unless `overwrite`. */
export async function upload(disk: PodDisk, body: Buffer, contentType: string): Promise<Answer> {
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
  const image = form.get('image');
  if (!(image instanceof File) || image.name === '') return empty(400);
  const type = field(form, 'type') || 'input';
  if (!['input', 'temp', 'output'].includes(type)) return empty(400);
  const subfolder = posix.normalize(field(form, 'subfolder') || '.').replace(/^\.$|\/+$/g, '');
  const place = posix.normalize(posix.join(subfolder, image.name));
  if (place.startsWith('..') || posix.isAbsolute(place) || subfolder.startsWith('..')) return empty(400);
  const bytes = Buffer.from(await image.arrayBuffer());
  const overwrite = ['true', '1'].includes(field(form, 'overwrite'));
  const { name: stem, ext } = posix.parse(image.name);
  let filename = image.name;
  for (let copy = 1; ; copy += 1) {
    const old = disk.read({ filename, subfolder, type });
    if (!old || overwrite || digest(old.bytes) === digest(bytes)) break;
    filename = `${stem} (${copy})${ext}`;
  }
  disk.write({ filename, subfolder, type }, bytes);
  return json({ name: filename, subfolder, type });
}

function field(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}

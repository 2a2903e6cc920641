import type { ApiClient } from '../../lib/api-client.ts';

/** Larger files are not read: a desk's templates all together are smaller. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Takes in the templates of a file. @returns how many. @throws Error with a sentence for people */
export async function importFile(api: ApiClient, file: Blob): Promise<number> {
  if (file.size > MAX_BYTES) throw new Error('This file is larger than 64 MB. Export fewer templates into one file.');
  const value = parsed(await file.text());
  const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined;
  if (format !== 'podium-templates')
    throw new Error('This is no file of exported templates. To use a workflow, open it on the Submit page.');
  return api.importTemplates(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

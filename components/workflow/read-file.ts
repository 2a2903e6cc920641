/** Far above any workflow; a file beyond it is no workflow. */
const MAX_BYTES = 10 * 1024 * 1024;

/** The text of a chosen file, or in a sentence why it cannot be used. */
export async function readFile(file: File): Promise<{ ok: true; text: string } | { ok: false; message: string }> {
  if (file.type.startsWith('image/') || file.type.startsWith('video/'))
    return {
      ok: false,
      message: `${file.name} is a picture. Drop it into ComfyUI’s editor, choose Workflow → Export (API) there and bring that file.`,
    };
  if (file.size > MAX_BYTES)
    return { ok: false, message: `${file.name} is larger than 10 MB, so it is not a workflow in API form.` };
  return { ok: true, text: await file.text() };
}

import { promptSchema, type Prompt } from './prompt.ts';

export type ReadWorkflow = { ok: true; prompt: Prompt } | { ok: false; message: string };

/** Recognises pasted text as a prompt (API form), or says in a sentence what it is instead. Never throws. */
export function readWorkflow(text: string): ReadWorkflow {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, message: 'This is not JSON. Paste the whole file that ComfyUI exported.' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { ok: false, message: 'A workflow is a JSON object of nodes; this is something else.' };
  if ('nodes' in value && Array.isArray(value.nodes))
    return {
      ok: false,
      message:
        'This is the graph as ComfyUI’s editor saves it. In ComfyUI choose Workflow → Export (API) and use that file.',
    };
  const candidate = 'prompt' in value && typeof value.prompt === 'object' ? value.prompt : value;
  const parsed = promptSchema.safeParse(candidate);
  if (!parsed.success) {
    const node = String(parsed.error.issues[0]?.path[0] ?? '');
    return {
      ok: false,
      message: `Node “${node}” has no class_type or no inputs, so this is not a prompt in API form.`,
    };
  }
  if (Object.keys(parsed.data).length === 0) return { ok: false, message: 'The workflow has no nodes.' };
  return { ok: true, prompt: parsed.data };
}

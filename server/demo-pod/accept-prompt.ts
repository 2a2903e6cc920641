import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { inputFile, type PodDisk } from './disk.ts';
import { json, type Answer } from './http-answer.ts';
import type { NodeDefinitions } from './node-definition.ts';
import type { PodPrompt, PodVersion } from './pod-types.ts';
import { pythonStr } from './python-json.ts';
import type { QueueWorker } from './queue-worker.ts';
import { validatePrompt } from './validate-prompt.ts';

const promptBody = z.object({
  prompt: z.union([z.record(z.string(), z.unknown()), z.tuple([]).transform(() => ({}))]).optional(),
  prompt_id: z.unknown().optional(),
  client_id: z.string().max(1_000).nullable().optional(),
  extra_data: z.record(z.string(), z.unknown()).nullable().optional(),
  number: z.number().optional(),
  front: z.boolean().optional(),
});

export interface PromptContext {
  worker: QueueWorker;
  disk: PodDisk;
  definitions: NodeDefinitions;
  version: PodVersion;
  outputOrder: () => readonly string[];
}

/** `POST /prompt`. Throws on a body that makes the real handler raise (answered 500). */
export function acceptPrompt(body: unknown, context: PromptContext): Answer {
  const { worker, disk, definitions, version } = context;
  const parsed = promptBody.parse(Array.isArray(body) ? {} : body);
  let number = parsed.number ?? worker.nextNumber;
  if (parsed.number === undefined) {
    if (parsed.front === true) number = -number;
    worker.nextNumber += 1;
  }
  if (parsed.prompt === undefined) {
    const message = 'No prompt provided';
    return json({ error: { type: 'no_prompt', message, details: message, extra_info: {} }, node_errors: {} }, 400);
  }
  const prompt = structuredClone(parsed.prompt) as PodPrompt;
  const hasInputFile = (name: string): boolean => disk.read(inputFile(name)) !== undefined;
  const result = validatePrompt(prompt, { definitions, hasInputFile, version });
  if (!result.ok) return json({ error: result.error, node_errors: result.nodeErrors }, 400);
  const promptId = parsed.prompt_id === undefined ? randomUUID() : pythonStr(parsed.prompt_id);
  const extraData = {
    ...parsed.extra_data,
    ...(parsed.client_id === undefined ? {} : { client_id: parsed.client_id }),
    ...(version === '0.8.0' ? { create_time: Date.now() } : {}),
  };
  const order = context.outputOrder();
  const place = (id: string): number => (order.includes(id) ? order.indexOf(id) : order.length);
  const outputs = result.outputs.toSorted((a, b) => place(a) - place(b));
  worker.put({ number, promptId, prompt, extraData, outputs });
  return json({ prompt_id: promptId, number, node_errors: result.nodeErrors });
}

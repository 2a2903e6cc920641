import { randomUUID } from 'node:crypto';
import { PodCallError } from '../jobs/pod-client.ts';
import { acceptedSchema } from './answer-schemas.ts';
import type { PodHttp } from './pod-http.ts';
import { MAX_BYTES } from './timing.ts';

/** The smallest prompt every ComfyUI takes: one grey pixel block, kept nowhere, no model. */
const PIXELS = {
  '1': { class_type: 'EmptyImage', inputs: { width: 8, height: 8, batch_size: 1, color: 0 } },
  '2': { class_type: 'PreviewImage', inputs: { images: ['1', 0] } },
};

/**
 * The number that the pod gives to a submission now. It counts submissions since the pod's start, and nothing but the
 * answer to a prompt that it takes tells it, so a prompt without work is submitted and taken back at once. It carries
 * nothing of ours: no desk takes it for a job. Undefined where the pod refuses it. @throws PodCallError
 */
export async function askNumber(http: Pick<PodHttp, 'json' | 'call'>): Promise<number | undefined> {
  const body = { prompt: PIXELS, prompt_id: randomUUID() };
  try {
    const call = { method: 'POST' as const, path: '/prompt', body, maxBytes: MAX_BYTES.submitAnswer };
    const { number, prompt_id } = await http.json(acceptedSchema, call);
    const taken = { delete: [prompt_id] };
    await http.call({ method: 'POST', path: '/queue', body: taken, maxBytes: MAX_BYTES.small }).catch(() => undefined);
    return number;
  } catch (error) {
    if (error instanceof PodCallError && (error.kind === 'refused' || error.kind === 'bad_answer')) return undefined;
    throw error;
  }
}

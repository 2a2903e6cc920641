import { z } from 'zod';
import type { Prompt } from '../../lib/workflow/prompt.ts';
import { waitUntil } from '../support/wait-until.ts';
import { parseTolerant } from './python-literals.ts';

const queueRow = z.tuple([
  z.number(),
  z.string(),
  z.record(z.string(), z.unknown()),
  z.looseObject({}),
  z.array(z.string()),
]);
const queueBody = z.object({ queue_running: z.array(queueRow), queue_pending: z.array(queueRow) });
const savedFile = z.object({ filename: z.string(), subfolder: z.string(), type: z.string() });
const historyEntry = z.object({
  prompt: queueRow,
  outputs: z.record(z.string(), z.looseObject({ images: z.array(savedFile).optional() })),
  status: z.object({
    status_str: z.enum(['success', 'error']),
    completed: z.boolean(),
    messages: z.array(z.tuple([z.string(), z.looseObject({})])),
  }),
});
export type HistoryEntry = z.infer<typeof historyEntry>;
export type SavedFile = z.infer<typeof savedFile>;

export interface Answered {
  status: number;
  contentType: string | null;
  text: string;
  /** Undefined where it is not JSON. */
  json: unknown;
}

/** ComfyUI's HTTP as plain calls. */
export class PodCaller {
  constructor(
    readonly url: string,
    private readonly headers: Record<string, string> = {},
  ) {}

  async call(method: string, path: string, body?: unknown): Promise<Answered> {
    const response = await fetch(this.url + path, {
      method,
      headers: { ...this.headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(20_000),
    });
    const text = await response.text();
    let json: unknown;
    try {
      json = parseTolerant(text);
    } catch {
      json = undefined;
    }
    return { status: response.status, contentType: response.headers.get('content-type'), text, json };
  }

  /** `POST /prompt`; rejects where no answer comes. */
  post(prompt: Prompt, rest: { prompt_id: string; client_id?: string; [field: string]: unknown }): Promise<Answered> {
    return this.call('POST', '/prompt', { prompt, ...rest });
  }

  async queue(): Promise<{ running: string[]; pending: string[]; body: z.infer<typeof queueBody> }> {
    const body = queueBody.parse((await this.call('GET', '/queue')).json);
    return { running: body.queue_running.map((row) => row[1]), pending: body.queue_pending.map((row) => row[1]), body };
  }

  async history(promptId: string): Promise<HistoryEntry | undefined> {
    const { json } = await this.call('GET', `/history/${encodeURIComponent(promptId)}`);
    return z.record(z.string(), historyEntry).parse(json)[promptId];
  }

  ended(promptId: string, withinMs?: number): Promise<HistoryEntry> {
    return waitUntil(() => this.history(promptId), `prompt ${promptId} is in history`, withinMs);
  }

  runs(promptId: string): Promise<boolean> {
    return waitUntil(async () => (await this.queue()).running.includes(promptId), `prompt ${promptId} runs`);
  }

  async view(file: SavedFile): Promise<{ response: Response; bytes: Buffer }> {
    const response = await fetch(`${this.url}/view?${new URLSearchParams(file).toString()}`, { headers: this.headers });
    return { response, bytes: Buffer.from(await response.arrayBuffer()) };
  }

  async upload(name: string, bytes: Uint8Array, fields: Record<string, string> = {}): Promise<Answered> {
    const form = new FormData();
    if (name !== '') form.append('image', new File([new Uint8Array(bytes)], name));
    for (const [field, value] of Object.entries(fields)) form.append(field, value);
    const response = await fetch(`${this.url}/upload/image`, { method: 'POST', body: form, headers: this.headers });
    const text = await response.text();
    return {
      status: response.status,
      contentType: response.headers.get('content-type'),
      text,
      json: text === '' ? undefined : JSON.parse(text),
    };
  }
}

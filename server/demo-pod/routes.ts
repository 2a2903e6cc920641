import { z } from 'zod';
import { acceptPrompt } from './accept-prompt.ts';
import type { PodDisk } from './disk.ts';
import type { EventHub } from './event-hub.ts';
import { empty, json, notFound, serverError, text, type Answer } from './http-answer.ts';
import { listJobs, oneJob } from './jobs-view.ts';
import type { NodeDefinition, NodeDefinitions } from './node-definition.ts';
import { checkpointsOf } from './node-definitions.ts';
import type { PodVersion, QueueItem } from './pod-types.ts';
import { features, modelFolders, systemStats } from './pod-facts.ts';
import type { QueueWorker } from './queue-worker.ts';
import { upload } from './upload.ts';
import { view } from './view.ts';

const ids = z.union([
  z.object({ clear: z.boolean().optional(), delete: z.array(z.string()).optional() }),
  z.array(z.unknown()).transform((): { clear?: boolean; delete?: string[] } => ({})),
]);
const wholeNumber = z
  .string()
  .regex(/^[+-]?\d+$/)
  .transform(Number);
const wantsId = z.object({ prompt_id: z.string().optional() });

export interface PodState {
  version: PodVersion;
  port: () => number;
  worker: () => QueueWorker;
  hub: EventHub;
  disk: PodDisk;
  definitions: NodeDefinitions;
  targetedInterrupt: () => boolean;
  atomicCancel: () => boolean;
  outputOrder: () => readonly string[];
}
export interface PodRequest {
  method: string;
  /** Without the `/api` before it. */
  path: string;
  underApi: boolean;
  query: URLSearchParams;
  contentType: string;
  range: string | undefined;
  body: Buffer;
}

const BOTH = ['/prompt', '/queue', '/history'];

function notAllowed(path: string): Answer {
  const allow = BOTH.includes(path) ? 'GET,HEAD,POST' : 'GET,HEAD';
  return { ...text(405, '405: Method Not Allowed'), headers: { allow } };
}

/** Answers one request as ComfyUI does. Whatever a handler throws becomes aiohttp's 500. */
export async function answer(state: PodState, request: PodRequest): Promise<Answer> {
  try {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    // The catch-all GET route for the frontend's files makes every other method a 405, on any path.
    if (isRead) return get(state, request) ?? notFound;
    if (request.method === 'OPTIONS') return empty();
    return (await post(state, request)) ?? notAllowed(request.path);
  } catch {
    return serverError;
  }
}

function get(state: PodState, request: PodRequest): Answer | undefined {
  const { path, query } = request;
  const worker = state.worker();
  const [, root, rest] = /^\/([a-z_]+)(?:\/(.*))?$/.exec(path) ?? [];
  const name = rest === undefined ? undefined : decodeURIComponent(rest);
  switch (root) {
    case 'system_stats':
      return json(systemStats(state.version, state.port()));
    case 'features':
      return json(features(state.version));
    case 'object_info':
      return json(objectInfo(state, name));
    case 'models':
      return models(state, name);
    case 'embeddings':
      return json([]);
    case 'prompt':
      return json(state.hub.queueInfo());
    case 'queue':
      return json({
        queue_running: worker.running ? [row(worker.running)] : [],
        queue_pending: worker.pending.map(row),
      });
    case 'history':
      return history(worker, name, query);
    case 'view':
      return view(state.disk, query, request.range);
    case 'ws':
      return text(400, 'No WebSocket UPGRADE hdr: None\n Can "Upgrade" only to "WebSocket".');
    case 'jobs':
      if (state.version !== '0.8.0' || !request.underApi) return undefined;
      if (name?.endsWith('/cancel')) return undefined;
      return name === undefined ? listJobs(worker, query) : oneJob(worker, name);
    default:
      return undefined;
  }
}

async function post(state: PodState, request: PodRequest): Promise<Answer | undefined> {
  const { path, method } = request;
  const worker = state.worker();
  if (method !== 'POST') return undefined;
  const cancelled = /^\/jobs\/([^/]+)\/cancel$/.exec(path)?.[1];
  if (cancelled !== undefined && request.underApi && state.atomicCancel())
    return json({ cancelled: worker.cancel(decodeURIComponent(cancelled)) });
  switch (path) {
    case '/prompt':
      return acceptPrompt(JSON.parse(request.body.toString()), { ...state, worker });
    case '/queue': {
      const body = ids.parse(JSON.parse(request.body.toString()));
      if (body.clear) worker.clear();
      for (const id of body.delete ?? []) worker.remove(id);
      return empty();
    }
    case '/history': {
      const body = ids.parse(JSON.parse(request.body.toString()));
      if (body.clear) worker.history.clear();
      for (const id of body.delete ?? []) worker.history.delete(id);
      return empty();
    }
    case '/interrupt':
      return interrupt(state, request.body.toString());
    case '/free': {
      JSON.parse(request.body.toString());
      worker.free();
      return empty();
    }
    case '/upload/image':
    case '/upload/mask':
      if (!request.contentType.startsWith('multipart/')) return empty(400);
      return upload(state.disk, request.body, request.contentType);
    default:
      return undefined;
  }
}

function interrupt(state: PodState, body: string): Answer {
  let id: string | undefined;
  try {
    id = wantsId.parse(JSON.parse(body)).prompt_id;
  } catch {
    id = undefined;
  }
  const worker = state.worker();
  const aimed = id !== undefined && id !== '' && state.targetedInterrupt();
  if (!aimed || worker.running?.promptId === id) worker.interrupt();
  return empty();
}

function history(worker: QueueWorker, id: string | undefined, query: URLSearchParams): Answer {
  if (id !== undefined) {
    const entry = worker.history.get(id);
    return json(entry ? { [id]: entry } : {});
  }
  const all = [...worker.history.entries()];
  const most = query.has('max_items') ? wholeNumber.parse(query.get('max_items')) : all.length;
  return json(Object.fromEntries(most > 0 ? all.slice(-most) : all));
}

function objectInfo(state: PodState, name: string | undefined): Record<string, unknown> {
  const shown = Object.fromEntries(
    Object.entries(state.definitions).map(([key, definition]) => [key, withInputs(definition, state.disk)]),
  );
  if (name === undefined) return shown;
  return shown[name] ? { [name]: shown[name] } : {};
}

/** `LoadImage` lists the files of the input folder's root, as they are now. */
function withInputs(definition: NodeDefinition, disk: PodDisk): NodeDefinition {
  if (definition.name !== 'LoadImage') return definition;
  const files = disk.inputs().filter((name) => !name.includes('/'));
  return { ...definition, input: { required: { image: [files.toSorted(), { image_upload: true }] } } };
}

function models(state: PodState, folder: string | undefined): Answer {
  const folders = modelFolders(state.version);
  if (folder === undefined) return json(folders);
  if (!folders.includes(folder)) return empty(404);
  return json(folder === 'checkpoints' ? checkpointsOf(state.definitions) : []);
}

function row(item: QueueItem): unknown[] {
  return [item.number, item.promptId, item.prompt, item.extraData, item.outputs];
}

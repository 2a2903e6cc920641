import { json, type Answer } from './http-answer.ts';
import type { HistoryEntry, NodeOutput, QueueItem } from './pod-types.ts';
import type { QueueWorker } from './queue-worker.ts';

type Fields = Record<string, unknown>;

/** `GET /api/jobs`, as 0.8.0 answers: newest first. */
export function listJobs(worker: QueueWorker, query: URLSearchParams): Answer {
  const all = [
    ...worker.pending.toReversed().map((item) => queued(item, 'pending')),
    ...(worker.running ? [queued(worker.running, 'in_progress')] : []),
    ...[...worker.history.values()].toReversed().map(ended),
  ];
  const offset = Math.max(0, Number(query.get('offset') ?? 0) || 0);
  const limit = Number(query.get('limit') ?? 0) || null;
  const jobs = limit === null ? all.slice(offset) : all.slice(offset, offset + limit);
  const hasMore = offset + jobs.length < all.length;
  return json({ jobs, pagination: { offset, limit, total: all.length, has_more: hasMore } });
}

/** `GET /api/jobs/{id}`. An interrupted prompt is `failed` there too. */
export function oneJob(worker: QueueWorker, id: string): Answer {
  if (worker.running?.promptId === id) return json(queued(worker.running, 'in_progress'));
  const waiting = worker.pending.find((item) => item.promptId === id);
  if (waiting) return json(queued(waiting, 'pending'));
  const entry = worker.history.get(id);
  if (!entry) return json({ error: 'Job not found' }, 404);
  const [, , prompt, extraData] = entry.prompt;
  const workflow = { prompt, extra_data: extraData };
  return json({ ...ended(entry), outputs: entry.outputs, execution_status: entry.status, workflow });
}

function queued(item: QueueItem, status: string): Fields {
  const { promptId: id, number: priority, extraData } = item;
  return { id, status, priority, create_time: extraData.create_time, outputs_count: 0 };
}

function ended(entry: HistoryEntry): Fields {
  const [number, id, , extraData] = entry.prompt;
  const messages = entry.status.messages;
  const failure = messages.find(([type]) => type === 'execution_error')?.[1];
  const files = Object.entries(entry.outputs).flatMap(([nodeId, output]) => filesOf(nodeId, output));
  const preview = files.find((file) => file.type === 'output') ?? files[0];
  return {
    id,
    status: entry.status.completed ? 'completed' : 'failed',
    priority: number,
    create_time: extraData.create_time,
    execution_start_time: messages[0]?.[1].timestamp,
    execution_end_time: messages.at(-1)?.[1].timestamp,
    ...(failure ? { execution_error: failure } : {}),
    outputs_count: files.length,
    ...(preview ? { preview_output: preview } : {}),
  };
}

function filesOf(nodeId: string, output: NodeOutput): Fields[] {
  return Object.entries(output).flatMap(([mediaType, list]) =>
    (Array.isArray(list) ? list : [])
      .filter((item): item is Fields => typeof item === 'object' && item !== null && 'filename' in item)
      .map((item) => ({ ...item, nodeId, mediaType })),
  );
}

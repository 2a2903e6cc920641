import { problemSchema } from '../../lib/protocol/errors.ts';
import { uploadStatusSchema, type UploadStatus } from '../../lib/protocol/uploads.ts';

/** A stretch of a file on its way. */
export interface Stretch {
  hash: string;
  name: string;
  start: number;
  total: number;
  bytes: Blob;
}

/** What a PUT came to. `again`: nothing is wrong with the file; it may be sent again after a look. */
export type PutResult =
  { kind: 'taken'; status: UploadStatus } | { kind: 'refused'; message: string } | { kind: 'again'; message: string };

/** Statuses of refusals that pass: a conflict, too many at once, Podium away or restarting. */
const PASSING = [408, 409, 429, 502, 503, 504];

/** Sends a stretch; `onSent` hears how many bytes of it have left. @throws the signal's reason */
export function putBytes(stretch: Stretch, onSent: (bytes: number) => void, signal: AbortSignal): Promise<PutResult> {
  return new Promise((resolve, reject) => {
    const { hash, name, start, total, bytes } = stretch;
    // `fetch` does not tell how far a body has left.
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    const end = (result: PutResult) => {
      signal.removeEventListener('abort', stop);
      if (signal.aborted) reject(signal.reason);
      else resolve(result);
    };
    request.open('PUT', `/api/uploads/${hash}`);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.setRequestHeader('content-range', `bytes ${start}-${start + bytes.size - 1}/${total}`);
    request.setRequestHeader('x-upload-name', encodeURIComponent(name));
    request.upload.addEventListener('progress', (event) => onSent(Math.min(event.loaded, bytes.size)));
    request.addEventListener('load', () => end(resultOf(request.status, request.responseText)));
    request.addEventListener('error', () => end({ kind: 'again', message: 'The connection to Podium broke off.' }));
    request.addEventListener('abort', () => end({ kind: 'again', message: 'It was stopped.' }));
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) end({ kind: 'again', message: 'It was stopped.' });
    else request.send(bytes);
  });
}

function resultOf(status: number, text: string): PutResult {
  const body = parsed(text);
  const taken = uploadStatusSchema.safeParse(body);
  if (status === 200 && taken.success) return { kind: 'taken', status: taken.data };
  const problem = problemSchema.safeParse(body);
  const message = problem.success ? problem.data.detail : `Podium answered the upload with status ${status}.`;
  return PASSING.includes(status) ? { kind: 'again', message } : { kind: 'refused', message };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

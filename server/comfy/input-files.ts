import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { sizeInWords } from '../../lib/jobs/words.ts';
import { jobError, type JobError } from '../../lib/jobs/job-error.ts';
import type { InputFile, InputOutcome } from '../jobs/pod-client.ts';
import { isHtml, jsonOf, refusalOf, retryAfterMs, type PodAnswer } from './answer.ts';
import { answerError, limitOf } from './failures/answer-failure.ts';
import type { PodHttp } from './pod-http.ts';
import { MAX_BYTES } from './timing.ts';

const storedSchema = z.object({ name: z.string().min(1).max(1000), subfolder: z.string().max(1000).optional() });

/**
 * Whether a file lies directly in the pod's input folder; where `bytes` is given, with that size. One byte of it is
 * read, since not every proxy passes a HEAD. @throws PodCallError
 */
export async function hasInput(http: PodHttp, shown: string, name: string, bytes?: number): Promise<boolean> {
  const query = { filename: name, subfolder: '', type: 'input' };
  const { statusCode: status, headers, body } = await http.open('/view', query, { range: 'bytes=0-0' });
  body.on('error', () => undefined).destroy();
  const answer = { status, headers, body: Buffer.alloc(0) };
  const range = /^bytes (?:\d+-\d+|\*)\/(\d+)$/.exec(String(headers['content-range']))?.[1];
  if ((status === 206 || status === 416) && range !== undefined) return bytes === undefined || Number(range) === bytes;
  const refusal = refusalOf(answer, shown);
  if (refusal?.kind === 'not_found') return false;
  if (refusal) throw refusal;
  return bytes === undefined || Number(headers['content-length']) === bytes;
}

/**
 * Streams a file into the pod's input folder. ComfyUI keeps the name of a file whose bytes it has already, and gives
 * other bytes of the same name another one. @throws the signal's reason
 */
export async function putInput(
  http: PodHttp,
  shown: string,
  file: InputFile,
  signal: AbortSignal,
  now: number,
): Promise<InputOutcome> {
  const boundary = `podium-${randomUUID()}`;
  const head = Buffer.from(
    `--${boundary}\r\nContent-Disposition: form-data; name="type"\r\n\r\ninput\r\n` +
      `--${boundary}\r\nContent-Disposition: form-data; name="image"; filename="${file.name}"\r\n` +
      'Content-Type: application/octet-stream\r\n\r\n',
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  const body = {
    stream: Readable.from(around(head, file, tail), { objectMode: false }),
    type: `multipart/form-data; boundary=${boundary}`,
    bytes: head.byteLength + file.bytes + tail.byteLength,
  };
  const sent = await http.send('/upload/image', body, MAX_BYTES.small, signal);
  if (sent.kind === 'unknown') return { kind: 'refused', error: cut(shown, file, sent.reason) };
  return sent.kind === 'answer' ? sortAnswer(sent.answer, shown, file, now) : sent;
}

async function* around(head: Buffer, file: InputFile, tail: Buffer): AsyncGenerator<Buffer> {
  yield head;
  yield* (await file.open()) as AsyncIterable<Buffer>;
  yield tail;
}

function sortAnswer(answer: PodAnswer, shown: string, file: InputFile, now: number): InputOutcome {
  const { status } = answer;
  const stored = storedSchema.safeParse(jsonOf(answer));
  if (status === 200 && stored.success) {
    const { name, subfolder } = stored.data;
    return { kind: 'there', name: subfolder ? `${subfolder}/${name}` : name };
  }
  const pause = status === 429 ? retryAfterMs(answer, now) : undefined;
  return {
    kind: 'refused',
    error: refusalError(answer, shown, file),
    ...(pause !== undefined && { retryAfterMs: pause }),
  };
}

/** What an answer that is not the one asked for means for the file. The pod had just answered another call. */
function refusalError(answer: PodAnswer, shown: string, file: InputFile): JobError {
  const { status } = answer;
  const at = `The pod at ${shown}`;
  if (status === 413)
    return refused(
      `${at} does not take the file “${file.title}” of ${sizeInWords(file.bytes)} (413${limitOf(answer)}).`,
      file,
    );
  if (status >= 400 && status < 500 && ![401, 403, 408, 429].includes(status))
    return refused(`${at} does not take the file “${file.title}” (${status}).`, file);
  const error = answerError(answer, shown);
  if (error.code !== 'pod_unreachable') return error;
  const page = isHtml(answer) && status < 300 ? 'with a web page' : `with ${status}`;
  return cut(shown, file, `${at} answered ${page}.`);
}

function refused(message: string, file: InputFile): JobError {
  return jobError('upload_refused', message, { subject: file.title });
}

function cut(shown: string, file: InputFile, reason: string): JobError {
  return jobError('submission_cut', `The file “${file.title}” could not be given to the pod at ${shown}. ${reason}`);
}

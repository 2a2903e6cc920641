import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { fromOutputBodySchema, uploadSchema, uploadStatusSchema } from '../../lib/protocol/uploads.ts';
import { DeskError } from '../jobs/desk.ts';
import { UploadRefusedError, type UploadPart } from '../jobs/uploads/upload-store.ts';
import type { Api, ApiDeps } from './create-api.ts';
import { jsonOf, problem } from './job-routes.ts';
import { requireJson } from './json-body.ts';
import { fileRequest, fileResponse } from './output-response.ts';
import { refuse } from './problems.ts';
import { RawBody } from './raw-body.ts';

const params = z.object({
  hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of the file as 64 lower-case hex digits')
    .describe('SHA-256 of the file, lower-case hex'),
});
const bytesOf = { 'application/octet-stream': { schema: z.string().openapi({ format: 'binary' }) } };

const putRoute = createRoute({
  method: 'put',
  path: '/api/uploads/{hash}',
  summary: 'Upload a file, whole or a stretch of it. Bytes that are here already are passed over.',
  request: {
    params,
    headers: z.object({
      'content-range': z.string().max(100).optional().describe('bytes FIRST-LAST/TOTAL; left out for a whole file'),
      'x-upload-name': z.string().max(2000).optional().describe('The file’s name, percent-encoded UTF-8'),
    }),
    body: { required: true, description: 'The bytes', content: bytesOf },
  },
  responses: {
    200: jsonOf(uploadStatusSchema, 'How much is here; `upload` once it is whole'),
    400: problem('Empty, or the headers do not fit each other'),
    409: problem('It goes on at another byte, or another request uploads it now: GET says how much is here'),
    413: problem('Larger than UPLOAD_MAX_BYTES'),
    415: problem('Not application/octet-stream'),
    422: problem('The bytes have another hash; nothing was kept'),
    429: problem('Too many uploads at once'),
    507: problem('No room in DATA_DIR; what arrived is kept'),
  },
});

const statusRoute = createRoute({
  method: 'get',
  path: '/api/uploads/{hash}',
  summary: 'How much of an upload is here',
  request: { params },
  responses: { 200: jsonOf(uploadStatusSchema, 'Bytes from the start; `upload` once it is whole') },
});

const fileRoute = createRoute({
  method: 'get',
  path: '/api/uploads/{hash}/file',
  summary: 'An uploaded file. Takes Range.',
  request: { params, query: z.object({ download: z.string().optional() }) },
  responses: {
    200: { description: 'The file', content: bytesOf },
    206: { description: 'A part of it', content: bytesOf },
    304: { description: 'The copy named by If-None-Match is good' },
    416: { description: 'The range lies outside the file' },
    404: problem('No such upload, or not whole'),
  },
});

const fromOutputRoute = createRoute({
  method: 'post',
  path: '/api/uploads/from-output',
  summary: 'Make an upload of an output of an earlier job',
  middleware: [requireJson()],
  request: { body: { required: true, ...jsonOf(fromOutputBodySchema, 'The output') } },
  responses: {
    200: jsonOf(z.object({ upload: uploadSchema }), 'The upload'),
    404: problem('No such output'),
    409: problem('It is being made by another request'),
    413: problem('Larger than UPLOAD_MAX_BYTES'),
  },
});

export function addUploadRoutes(api: Api, { jobs, outputs, uploads }: ApiDeps): void {
  api.openapi(putRoute, async (context) => {
    const body = new RawBody(context.req.raw);
    try {
      const part = { ...stretchOf(context), body: body.stream };
      return context.json(await uploads.put(context.req.valid('param').hash, part), 200);
    } finally {
      await body.readAway();
    }
  });
  api.openapi(statusRoute, async (context) => context.json(await uploads.status(context.req.valid('param').hash), 200));
  api.openapi(fileRoute, async (context) => {
    const { hash } = context.req.valid('param');
    const gone = () => refuse('upload_not_found', 'There is no such upload here, or it is not whole. Upload the file.');
    const upload = await uploads.find(hash);
    if (!upload) return gone();
    const { bytes, contentType, name } = upload;
    const open = (range?: { start: number; end: number }) => uploads.open(hash, range);
    const download = context.req.valid('query').download !== undefined;
    return fileResponse(
      { sha256: hash, bytes, contentType, filename: name, open, gone },
      fileRequest(context, download),
    );
  });
  api.openapi(fromOutputRoute, async (context) => {
    const { jobId, index } = context.req.valid('json');
    const output = await jobs.output(jobId, index);
    const opened = output && (await outputs.open(jobId, output));
    if (!opened) throw new DeskError('output_not_found', `Job ${jobId} has no output ${index} whose file is here.`);
    const { sha256, bytes, filename } = output;
    const { upload } = await uploads.put(sha256, { start: 0, total: bytes, name: filename, body: opened.body });
    if (!upload) throw new Error(`The copy of output ${index} of job ${jobId} is shorter than its record says`);
    return context.json({ upload }, 200);
  });
}

/** What a PUT brings, by its headers. @throws UploadRefusedError */
function stretchOf({ req }: Context): Omit<UploadPart, 'body'> {
  const type = req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/octet-stream' || req.header('content-encoding') !== undefined)
    throw new UploadRefusedError(
      'unsupported_media_type',
      'Send the bytes as they are, with the header Content-Type: application/octet-stream.',
    );
  const name = nameOf(req.header('x-upload-name'));
  const announced = req.header('content-length');
  const length = announced === undefined ? undefined : Number(announced);
  const given = req.header('content-range');
  if (given === undefined) return { start: 0, name, ...(length !== undefined && { total: length }) };
  const range = rangeOf(given);
  if (!range || (length !== undefined && length !== range.last - range.start + 1))
    throw new UploadRefusedError(
      'invalid_request',
      'Content-Range must be bytes FIRST-LAST/TOTAL, counted from 0, and fit the length of the body.',
    );
  return { start: range.start, total: range.total, name };
}

function rangeOf(given: string): { start: number; last: number; total: number } | undefined {
  const match = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(given.trim());
  if (!match) return undefined;
  const [start, last, total] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return start <= last && last < total ? { start, last, total } : undefined;
}

function nameOf(given = 'file'): string {
  try {
    return decodeURIComponent(given);
  } catch {
    throw new UploadRefusedError('invalid_request', 'X-Upload-Name must be the file’s name in percent-encoded UTF-8.');
  }
}

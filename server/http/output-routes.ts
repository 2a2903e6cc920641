import { createRoute, z } from '@hono/zod-openapi';
import type { Api, ApiDeps } from './create-api.ts';
import { problem } from './job-routes.ts';
import { fileRequest, fileResponse, matches, thumbnailResponse } from './output-response.ts';
import { refuse } from './problems.ts';

const wholeNumber = z
  .string()
  .regex(/^\d{1,6}$/, 'must be a whole number')
  .transform(Number);
const params = z.object({ id: z.string().max(100), index: wholeNumber });

const fileRoute = createRoute({
  method: 'get',
  path: '/api/jobs/{id}/outputs/{index}',
  summary: 'The file of one output, from our copy. Takes Range.',
  request: { params, query: z.object({ download: z.string().optional() }) },
  responses: {
    200: { description: 'The file', content: { 'application/octet-stream': { schema: z.string() } } },
    206: { description: 'A part of it', content: { 'application/octet-stream': { schema: z.string() } } },
    304: { description: 'The copy named by If-None-Match is good' },
    416: { description: 'The range lies outside the file' },
    404: problem('No such output'),
  },
});

const thumbnailRoute = createRoute({
  method: 'get',
  path: '/api/jobs/{id}/outputs/{index}/thumbnail',
  summary: 'A small picture of one image output (WebP)',
  request: { params, query: z.object({ w: z.coerce.number().int().min(16).max(1024).default(96) }) },
  responses: {
    200: { description: 'The picture', content: { 'image/webp': { schema: z.string() } } },
    404: problem('No such picture'),
  },
});

export function addOutputRoutes(api: Api, { jobs, outputs }: ApiDeps): void {
  api.openapi(fileRoute, async (context) => {
    const { id, index } = context.req.valid('param');
    const output = await jobs.output(id, index);
    if (!output) return refuse('output_not_found', `Job ${id} has no output ${index}.`);
    const file = {
      ...output,
      open: async (range?: { start: number; end: number }) => (await outputs.open(id, output, range))?.body,
      gone: () => refuse('output_not_found', 'The file is no longer in DATA_DIR. Retry the job to make it again.'),
    };
    return fileResponse(file, fileRequest(context, context.req.valid('query').download !== undefined));
  });
  api.openapi(thumbnailRoute, async (context) => {
    const { id, index } = context.req.valid('param');
    const { w } = context.req.valid('query');
    const output = await jobs.output(id, index);
    const etag = output && `"${output.sha256}-${w}"`;
    if (etag !== undefined && matches(context.req.header('if-none-match'), etag))
      return thumbnailResponse(undefined, etag);
    const picture = output && (await outputs.thumbnail(id, output, w));
    if (!picture || etag === undefined) return refuse('output_not_found', `Job ${id} has no picture ${index}.`);
    return thumbnailResponse(picture, etag);
  });
}

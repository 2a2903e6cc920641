import { createRoute, z } from '@hono/zod-openapi';
import {
  templateContentSchema,
  templateExportSchema,
  templateListSchema,
  templateRecordSchema,
  templatesImportedSchema,
} from '../../lib/protocol/templates.ts';
import type { Api, ApiDeps } from './create-api.ts';
import { jsonOf, problem } from './job-routes.ts';
import { requireJson } from './json-body.ts';

/** An exported file may hold every template, and some characters are three bytes. */
const MAX_IMPORT_BYTES = 64 * 1024 * 1024;
const params = z.object({ id: z.uuid() });
const answer = z.object({ template: templateRecordSchema });
const content = { required: true, ...jsonOf(templateContentSchema, 'What the template is') };
const refusals = {
  400: problem('Wrong fields: each is named'),
  409: problem('There is no room for more templates'),
  413: problem('Too large'),
  415: problem('Not JSON'),
};

const listRoute = createRoute({
  method: 'get',
  path: '/api/templates',
  summary: 'Templates, those changed last first',
  responses: { 200: jsonOf(templateListSchema, 'The templates, without their workflows') },
});

const createRouteOf = createRoute({
  method: 'post',
  path: '/api/templates',
  summary: 'Keep a workflow with its form as a template',
  middleware: [requireJson()],
  request: { body: content },
  responses: { 201: jsonOf(answer, 'The template, durable'), ...refusals },
});

const exportRoute = createRoute({
  method: 'get',
  path: '/api/templates/export',
  summary: 'All templates, or one, as a file that another Podium can import',
  request: { query: z.object({ id: z.uuid().optional().describe('Only this template') }) },
  responses: { 200: jsonOf(templateExportSchema, 'The file'), 404: problem('No such template') },
});

const importRoute = createRoute({
  method: 'post',
  path: '/api/templates/import',
  summary: 'Take in the templates of an exported file: all of them or none. Those that are here stay.',
  middleware: [requireJson({ maxBytes: MAX_IMPORT_BYTES })],
  request: { body: { required: true, ...jsonOf(templateExportSchema, 'The file') } },
  responses: { 200: jsonOf(templatesImportedSchema, 'How many'), ...refusals },
});

const getRoute = createRoute({
  method: 'get',
  path: '/api/templates/{id}',
  summary: 'A template with its workflow',
  request: { params },
  responses: { 200: jsonOf(answer, 'The template'), 404: problem('No such template') },
});

const putRoute = createRoute({
  method: 'put',
  path: '/api/templates/{id}',
  summary: 'Replace what a template is',
  middleware: [requireJson()],
  request: { params, body: content },
  responses: { 200: jsonOf(answer, 'The template, durable'), 404: problem('No such template'), ...refusals },
});

const deleteRoute = createRoute({
  method: 'delete',
  path: '/api/templates/{id}',
  summary: 'Delete a template. Jobs that were made with it stay.',
  request: { params },
  responses: { 204: { description: 'It is gone' }, 404: problem('No such template') },
});

export function addTemplateRoutes(api: Api, { templates }: ApiDeps): void {
  api.openapi(listRoute, async (context) => context.json({ templates: await templates.list() }, 200));
  api.openapi(createRouteOf, async (context) => {
    return context.json({ template: await templates.create(context.req.valid('json')) }, 201);
  });
  // Before the route with an id, which would take "export" for one.
  api.openapi(exportRoute, async (context) => {
    const file = await templates.exported(context.req.valid('query').id);
    context.header('content-disposition', 'attachment; filename="podium-templates.json"');
    return context.json(file, 200);
  });
  api.openapi(importRoute, async (context) => {
    return context.json({ imported: await templates.imported(context.req.valid('json')) }, 200);
  });
  api.openapi(getRoute, async (context) => {
    return context.json({ template: await templates.get(context.req.valid('param').id) }, 200);
  });
  api.openapi(putRoute, async (context) => {
    const { id } = context.req.valid('param');
    return context.json({ template: await templates.update(id, context.req.valid('json')) }, 200);
  });
  api.openapi(deleteRoute, async (context) => {
    await templates.remove(context.req.valid('param').id);
    return context.body(null, 204);
  });
}

import { html } from 'hono/html';
import type { Api } from './create-api.ts';

const info = (version: string) => ({
  openapi: '3.1.0' as const,
  info: {
    title: 'Podium',
    version,
    description: 'Jobs for ComfyUI pods. Errors are application/problem+json with a closed `code`.',
  },
  security: [{ token: [] }, {}],
});

interface Operation {
  summary?: string;
  parameters?: { name: string; in: string; required?: boolean; description?: string }[];
  requestBody?: { content?: Record<string, { schema?: unknown }> };
  responses?: Record<string, { description?: string }>;
}

const STYLE = `
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{max-width:60rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h2{font:600 1rem ui-monospace,monospace;margin:2.5rem 0 .25rem;border-top:1px solid #8884;padding-top:1rem}
h2 b{display:inline-block;min-width:4rem}
table{border-collapse:collapse;margin:.5rem 0}td{padding:.15rem 1rem .15rem 0;vertical-align:top}
code,pre{font-family:ui-monospace,monospace;font-size:.875rem}pre{overflow:auto;background:#8881;padding:.75rem;border-radius:.5rem}
`;

/** `/api/openapi.json` from the routes' own schemas, and a page of it that a person can read without any script. */
export function addDocs(api: Api, version: string): void {
  api.openAPIRegistry.registerComponent('securitySchemes', 'token', {
    type: 'http',
    scheme: 'bearer',
    description: 'The value of AUTH_TOKEN, where it is set.',
  });
  const document = () => api.getOpenAPI31Document(info(version));
  api.get('/api/openapi.json', (context) => context.json(document()));
  api.get('/api/docs', (context) => {
    const paths = Object.entries(document().paths ?? {}).flatMap(([path, operations]) =>
      Object.entries(operations as Record<string, Operation>).map(([method, operation]) => ({
        path,
        method,
        operation,
      })),
    );
    return context.html(
      html`<!doctype html>
        <html lang="en">
          <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width" />
            <title>Podium API</title>
            <style>
              ${STYLE}
            </style>
          </head>
          <body>
            <h1>Podium API</h1>
            <p>
              Version ${version}. The same as <a href="/api/openapi.json">OpenAPI 3.1</a>.
              <a href="/">Back to the jobs</a>
            </p>
            ${paths.map(({ path, method, operation }) => section(method, path, operation))}
          </body>
        </html>`,
    );
  });
}

function section(method: string, path: string, operation: Operation) {
  const schema = operation.requestBody?.content?.['application/json']?.schema;
  return html`<section>
    <h2><b>${method.toUpperCase()}</b> ${path}</h2>
    <p>${operation.summary ?? ''}</p>
    <table>
      ${(operation.parameters ?? []).map(
        (one) =>
          html`<tr>
            <td><code>${one.name}</code></td>
            <td>${one.in}${one.required ? ', required' : ''}</td>
            <td>${one.description ?? ''}</td>
          </tr>`,
      )}
      ${Object.entries(operation.responses ?? {}).map(
        ([status, response]) =>
          html`<tr>
            <td><code>${status}</code></td>
            <td>answer</td>
            <td>${response.description ?? ''}</td>
          </tr>`,
      )}
    </table>
    ${
      schema === undefined
        ? ''
        : html`<details>
            <summary>Body</summary>
            <pre>${JSON.stringify(schema, null, 2)}</pre>
          </details>`
    }
  </section>`;
}

/**
 * `/api/v1/openapi.json` and `/api/docs`: one page that lists every endpoint with who may call it, what it
 * takes and what it answers. No script, no outside request: readable under the strictest policy. For
 * trying out, import the document into any OpenAPI tool.
 */
import type { FastifyInstance } from 'fastify';
import { API_PREFIX } from './api-prefix.js';
import { buildOpenApi } from './openapi-document.js';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly 'x-permission'?: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
  }[];
  readonly requestBody?: unknown;
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}
type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

export function registerApiDocs(server: FastifyInstance): void {
  const document = JSON.stringify(buildOpenApi());
  const page = renderPage(JSON.parse(document).paths as Paths); // our own document
  server.get(`/${API_PREFIX}/openapi.json`, (_request, reply) => {
    void reply.header('content-type', 'application/json; charset=utf-8').send(document);
  });
  server.get('/api/docs', (_request, reply) => {
    const policy = `default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
    void reply
      .header('content-security-policy', policy)
      .header('content-type', 'text/html; charset=utf-8')
      .send(page);
  });
}

const STYLE = `:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
code{font:13px ui-monospace,monospace}h2{margin-top:2.5rem}details{border-top:1px solid #8884;padding:.4rem 0}summary{cursor:pointer}
b{display:inline-block;min-width:4.5rem}small{opacity:.75}`;

function renderPage(paths: Paths): string {
  const byTag = new Map<string, string[]>();
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const tag = operation.tags[0] ?? '';
      byTag.set(tag, [...(byTag.get(tag) ?? []), renderOperation(method, path, operation)]);
    }
  }
  const sections = [...byTag]
    .map(([tag, items]) => `<h2>${escapeHtml(tag)}</h2>${items.join('')}`)
    .join('');
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Moorage API</title><style>${STYLE}</style>
<h1>Moorage API</h1><p>Base path <code>/${API_PREFIX}</code>. The whole description, with all schemas: <a href="/${API_PREFIX}/openapi.json">openapi.json</a> (OpenAPI 3.1).</p>${sections}</html>`;
}

function renderOperation(method: string, path: string, operation: Operation): string {
  const parameters = operation.parameters.map(
    ({ name, in: place, required }) =>
      `<li><code>${escapeHtml(name)}</code> <small>${place}${required ? ', required' : ''}</small></li>`,
  );
  const responses = Object.entries(operation.responses).map(
    ([status, { description }]) => `<li><code>${status}</code> ${escapeHtml(description)}</li>`,
  );
  const body = operation.requestBody === undefined ? '' : '<p>Takes a JSON body.</p>';
  return `<details><summary><b><code>${method.toUpperCase()}</code></b> <code>${escapeHtml(path)}</code> ${escapeHtml(operation.summary)}</summary>
<p><small>${operation.operationId}, for: ${escapeHtml(operation['x-permission'] ?? 'everybody')}</small></p>${parameters.length === 0 ? '' : `<ul>${parameters.join('')}</ul>`}${body}<ul>${responses.join('')}</ul></details>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

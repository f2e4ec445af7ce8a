/** The OpenAPI 3.1 document, made from the endpoint definitions alone: complete by construction. */
import {
  COMMON_PROBLEMS,
  type EndpointSpec,
  endpoints,
  PROBLEMS,
  type ProblemCode,
  ProblemDocument,
} from '@moorage/contract';
import { z } from 'zod';
import { VERSION } from '../config/version.js';

type Json = Record<string, unknown>;

export function buildOpenApi(): Json {
  const all: EndpointSpec[] = Object.values(endpoints);
  const components: Json = {};
  const paths: Record<string, Json> = {};
  for (const endpoint of all) {
    const path = endpoint.path.replace(/:([A-Za-z]+)/g, '{$1}');
    paths[path] = {
      ...paths[path],
      [endpoint.method.toLowerCase()]: describe(endpoint, components),
    };
  }
  schemaOf(ProblemDocument, 'output', components);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Moorage',
      version: VERSION,
      description: 'Private registries for every cluster.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/api/v1' }],
    security: [{ session: [] }, { apiKey: [] }],
    tags: [...new Set(all.map((endpoint) => endpoint.tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: Object.fromEntries(
        Object.entries(components).toSorted(([a], [b]) => (a < b ? -1 : 1)),
      ),
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'moorage-session' },
        apiKey: { type: 'http', scheme: 'bearer', description: 'An API key: mrg_…' },
      },
    },
  };
}

function describe(endpoint: EndpointSpec, components: Json): Json {
  const { access } = endpoint;
  return {
    operationId: endpoint.id,
    tags: [endpoint.tag],
    summary: endpoint.summary,
    ...(access === 'public' ? { security: [] } : { 'x-permission': access }),
    parameters: [
      ...pathParameters(endpoint),
      ...queryParameters(endpoint),
      ...headerParameters(endpoint),
    ],
    ...(endpoint.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: {
              'application/json': { schema: schemaOf(endpoint.body, 'input', components) },
            },
          },
        }),
    responses: { [String(endpoint.status)]: success(endpoint, components), ...refusals(endpoint) },
  };
}

function success(endpoint: EndpointSpec, components: Json): Json {
  const description = endpoint.status === 202 ? 'Accepted; it happens in the background' : 'Done';
  if (endpoint.id === 'streamEvents')
    return {
      description: 'Server-sent events',
      content: { 'text/event-stream': { schema: { type: 'string' } } },
    };
  if (endpoint.media !== undefined) {
    const content = Object.entries(endpoint.media).map(([type, schema]) => [
      type,
      { schema: schemaOf(schema, 'output', components) },
    ]);
    return { description, content: Object.fromEntries(content) };
  }
  if (endpoint.reply === undefined) return { description };
  return {
    description,
    content: { 'application/json': { schema: schemaOf(endpoint.reply, 'output', components) } },
  };
}

function refusals(endpoint: EndpointSpec): Json {
  const common: readonly ProblemCode[] =
    endpoint.access === 'public' ? ['database.unavailable'] : COMMON_PROBLEMS;
  const codes = new Set<ProblemCode>([...common, ...endpoint.problems]);
  const hasInput =
    endpoint.query !== undefined || endpoint.body !== undefined || endpoint.path.includes(':');
  if (hasInput) codes.add('request.invalid').add('request.malformed');
  if (endpoint.body !== undefined) codes.add('request.media-type').add('request.too-large');
  if (endpoint.method !== 'GET' && endpoint.access !== 'public') codes.add('request.cross-site');
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of codes)
    byStatus.set(PROBLEMS[code][0], [...(byStatus.get(PROBLEMS[code][0]) ?? []), code]);
  return Object.fromEntries(
    [...byStatus].map(([status, list]) => [
      String(status),
      {
        description: list.join(', '),
        content: {
          'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
        },
      },
    ]),
  );
}

function pathParameters(endpoint: EndpointSpec): Json[] {
  const names = [...endpoint.path.matchAll(/:([A-Za-z]+)/g)].map((match) => match[1] ?? '');
  return names.map((name) => {
    const declared = endpoint.params?.[name];
    const plain = name.endsWith('Id') ? { type: 'string', format: 'uuid' } : { type: 'string' };
    const schema = declared === undefined ? plain : jsonSchema(declared, 'input');
    return {
      name,
      in: 'path',
      required: true,
      schema,
      ...(name === 'env' ? { description: 'Id or name of an environment' } : {}),
    };
  });
}

function queryParameters(endpoint: EndpointSpec): Json[] {
  if (endpoint.query === undefined) return [];
  const schema = jsonSchema(endpoint.query, 'input');
  const properties = (schema['properties'] ?? {}) as Record<string, Json>; // JSON Schema's own shape
  const required = new Set((schema['required'] ?? []) as string[]); // the same
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: 'query',
    required: required.has(name),
    schema: property,
  }));
}

function headerParameters(endpoint: EndpointSpec): Json[] {
  const parameters: Json[] = [];
  if (endpoint.problems.includes('object.stale'))
    parameters.push({
      name: 'If-Match',
      in: 'header',
      required: false,
      description: 'The version (ETag) that the change is based on',
      schema: { type: 'string' },
    });
  if (endpoint.method === 'POST' && endpoint.access !== 'public')
    parameters.push({
      name: 'Idempotency-Key',
      in: 'header',
      required: false,
      description: 'A repetition gets the first reply',
      schema: { type: 'string', minLength: 1, maxLength: 255 },
    });
  if (endpoint.id === 'streamEvents')
    parameters.push({
      name: 'Last-Event-ID',
      in: 'header',
      required: false,
      schema: { type: 'string' },
    });
  return parameters;
}

/** Named schemas (`.meta({id})`) become components, also those nested inside. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', components: Json): Json {
  const { $defs, id, ...rest } = jsonSchema(schema, io);
  for (const [name, definition] of Object.entries(($defs ?? {}) as Record<string, Json>)) {
    const { id: _, ...plain } = definition;
    components[name] = plain;
  }
  if (typeof id !== 'string') return rest;
  components[id] = rest;
  return { $ref: `#/components/schemas/${id}` };
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const document = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    reused: 'inline',
    override: ({ jsonSchema: node }) => {
      // zod writes both a format and its long expression; the format says it all.
      if (node.format !== undefined) delete node.pattern;
    },
  });
  const { $schema: _, ...rest } = document;
  return JSON.parse(JSON.stringify(rest).replaceAll('"#/$defs/', '"#/components/schemas/')) as Json; // plain JSON by construction
}

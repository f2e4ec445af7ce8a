import { afterEach, expect, test } from 'vitest';
import { type ApiServer, json, startApiServer } from '../test/api-server.js';
import { isKubeError, resourcePath } from './index.js';

let server: ApiServer | undefined;
afterEach(() => server?.close());

// A hostile cluster need not keep to the page size that it is asked for.
test('a list of more objects than any cluster has ends in ResponseTooLarge', async () => {
  const items = Array.from({ length: 130_000 }, (_, index) => ({
    metadata: { name: `n${index}` },
  }));
  let pages = 0;
  server = await startApiServer('http', (_request, reply) => {
    pages += 1;
    const metadata = { resourceVersion: '7', continue: `page-${pages}` };
    json(
      reply,
      200,
      pages > 3 ? { metadata: { resourceVersion: '7' }, items } : { metadata, items },
    );
  });
  const error = await server
    .client()
    .list(resourcePath.namespaces())
    .catch((cause: unknown) => cause);
  expect(isKubeError(error, 'ResponseTooLarge')).toBe(true);
  expect(pages).toBe(2);
});

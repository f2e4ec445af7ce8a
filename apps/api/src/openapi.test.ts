import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { buildOpenApi } from './http/openapi-document.js';

// Who reads the repository, and tools that compare two releases, take the file for the truth.
it('is what docs/openapi.json says; after a change of an endpoint: npm run openapi', () => {
  const file = fileURLToPath(new URL('../../../docs/openapi.json', import.meta.url));
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(
    JSON.parse(JSON.stringify(buildOpenApi())),
  );
});

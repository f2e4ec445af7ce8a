/** `npm run openapi`: writes docs/openapi.json from the endpoint definitions. */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { buildOpenApi } from './http/openapi-document.js';

const file = fileURLToPath(new URL('../../../docs/openapi.json', import.meta.url));
await writeFile(file, `${JSON.stringify(buildOpenApi(), null, 2)}\n`);
process.stdout.write('docs/openapi.json written\n');

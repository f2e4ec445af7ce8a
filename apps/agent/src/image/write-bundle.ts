/** Last step of the build: `dist/agent.mjs` and `dist/alive.mjs`, for an image that is built elsewhere. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleAgent } from './bundle.js';

await bundleAgent(dirname(dirname(fileURLToPath(import.meta.url))));

import { createRequire } from 'node:module';

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string }; // our own file

/** This build's version, for replies, the OpenAPI document and the user agent. */
export const VERSION: string = version;

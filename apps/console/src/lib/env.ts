import 'server-only';

/** Where the server side of the console reads the API; the only reader of `process.env` in the console. */
export function apiOrigin(): string {
  const { MOORAGE_INTERNAL_URL, PORT } = process.env;
  return MOORAGE_INTERNAL_URL ?? `http://127.0.0.1:${PORT ?? '8080'}`;
}

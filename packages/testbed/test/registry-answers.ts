/** What a port of the mirror world answers to one request, by the answer that was arranged for it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { findServed } from './served-image.js';

/** `basic` and `token` need the right login; `token-open` gives a token to anybody. */
export type Answer =
  | 'alive'
  | 'missing'
  | 'forbidden'
  | 'broken'
  | 'reset'
  | 'basic'
  | 'token'
  | 'token-open';

export const rightLogin = { username: 'puller', password: 'correct horse' };

export interface ReplyContext {
  readonly answer: Answer;
  readonly origin: string;
  readonly pathname: string;
  readonly authorization: string;
}

export function reply(
  request: IncomingMessage,
  response: ServerResponse,
  { answer, origin, pathname, authorization }: ReplyContext,
): void {
  const status = { missing: 404, forbidden: 403, broken: 500 } as const;
  if (answer === 'reset') {
    request.socket.destroy();
  } else if (answer === 'missing' || answer === 'forbidden' || answer === 'broken') {
    response.writeHead(status[answer]).end();
  } else if (!isAdmitted(answer, authorization)) {
    const challenge =
      answer === 'basic' ? 'Basic realm="world"' : `Bearer realm="${origin}/token",service="world"`;
    response.writeHead(401, { 'www-authenticate': challenge }).end();
  } else {
    serve(pathname, response);
  }
}

function serve(pathname: string, response: ServerResponse): void {
  const blob = findServed(pathname);
  if (blob === undefined) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, {
    'content-type': blob.mediaType,
    'content-length': blob.bytes.length,
    'docker-content-digest': blob.digest,
  });
  response.end(blob.bytes);
}

function isAdmitted(answer: Answer, authorization: string): boolean {
  if (answer === 'basic') {
    const [username, password] = decodeBasic(authorization) ?? [];
    return username === rightLogin.username && password === rightLogin.password;
  }
  return answer === 'alive' || authorization.startsWith('Bearer entry-');
}

export function decodeBasic(authorization: string): readonly [string, string] | null {
  const encoded = /^Basic (\S+)$/.exec(authorization)?.[1];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, 'base64').toString();
  const colon = text.indexOf(':');
  return [text.slice(0, colon), text.slice(colon + 1)];
}

/** Whose login or token a request carries. */
export function userOf(authorization: string): string | null {
  const holder = /^Bearer entry-(.+)$/.exec(authorization)?.[1];
  return holder ?? decodeBasic(authorization)?.[0] ?? null;
}

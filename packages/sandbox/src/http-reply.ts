/** Replies of the simulated servers, built first and sent in one place. */
import type { ServerResponse } from 'node:http';

export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export function jsonReply(status: number, body: unknown): HttpReply {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-cache, private' };
  return { status, headers, text: `${JSON.stringify(body)}\n` };
}

export function textReply(status: number, text: string): HttpReply {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, text };
}

export function send(response: ServerResponse, { status, headers, text }: HttpReply): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

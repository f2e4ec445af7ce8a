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

/** Warning headers as the API server writes them: code 299, no agent, the text quoted. */
export function withWarnings(reply: HttpReply, warnings: readonly string[]): HttpReply {
  if (warnings.length === 0) return reply;
  const quote = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;
  const warning = warnings.map((text) => `299 - ${quote(text)}`).join(', ');
  return { ...reply, headers: { ...reply.headers, warning } };
}

export function send(response: ServerResponse, { status, headers, text }: HttpReply): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

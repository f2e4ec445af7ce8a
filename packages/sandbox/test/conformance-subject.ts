/** What the conformance suite needs of a server, and the calls that its cases share. */
import { type ApiConnection, type ApiReply, connectToApi } from '@moorage/testbed';
import { expect } from 'vitest';

export interface ConformanceSubject {
  readonly url: string;
  readonly token: string;
  readonly caCertificate?: string;
  /** Makes every resource version before now too old, for lists and for watches. */
  expireHistory(): Promise<void>;
  stop(): Promise<void>;
}

export interface WatchLine {
  readonly type: string;
  readonly object: Readonly<Record<string, unknown>> & {
    readonly metadata?: { readonly name?: string };
  };
}

const mergePatch = 'application/merge-patch+json';

export class Api {
  readonly #connection: ApiConnection;

  constructor(readonly subject: ConformanceSubject) {
    this.#connection = connectToApi(subject);
  }

  get(path: string, token?: string): Promise<ApiReply> {
    return this.#connection.call(token === undefined ? { path } : { path, token });
  }

  post(path: string, body: unknown): Promise<ApiReply> {
    return this.#connection.call({ method: 'POST', path, body });
  }

  put(path: string, body: unknown): Promise<ApiReply> {
    return this.#connection.call({ method: 'PUT', path, body });
  }

  patch(path: string, body: unknown, contentType = mergePatch): Promise<ApiReply> {
    return this.#connection.call({ method: 'PATCH', path, body, contentType });
  }

  delete(path: string, body?: unknown): Promise<ApiReply> {
    return this.#connection.call({ method: 'DELETE', path, body });
  }

  /** Everything that the watch says until it ends by itself. */
  async watch(path: string): Promise<{ status: number; lines: WatchLine[]; text: string }> {
    const response = await this.#connection.open({ path }, AbortSignal.timeout(30_000));
    let text = '';
    for await (const chunk of response) text += String(chunk);
    const lines = text.split('\n').filter((line) => line !== '');
    // A watch answers lines of this shape; a case that gets another one fails on it.
    return {
      status: response.statusCode ?? 0,
      lines: lines.map((line) => JSON.parse(line) as WatchLine),
      text,
    };
  }

  /** A namespace of its own for each case, with its default service account. */
  async namespace(): Promise<string> {
    const name = `case-${Math.random().toString(36).slice(2, 10)}`;
    expect((await this.post('/api/v1/namespaces', { metadata: { name } })).status).toBe(201);
    const accounts = `/api/v1/namespaces/${name}/serviceaccounts`;
    const made = await this.post(accounts, { metadata: { name: 'default' } });
    expect([201, 409]).toContain(made.status);
    return name;
  }

  async resourceVersion(path: string): Promise<string> {
    const { json } = await this.get(path);
    return metadataOf(json).resourceVersion ?? '';
  }

  close(): void {
    this.#connection.close();
  }
}

export function metadataOf(json: unknown): Readonly<Record<string, string | undefined>> {
  // Only read for the fields that the API writes as text.
  return (json as { metadata: Record<string, string | undefined> }).metadata;
}

/** The object without what no two servers share, so that the rest can be compared whole. */
export function comparable(json: unknown): unknown {
  const { metadata, ...rest } = json as { metadata: Record<string, unknown> };
  const { uid, resourceVersion, creationTimestamp, managedFields: _, ...marks } = metadata;
  expect(uid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(resourceVersion).toMatch(/^\d+$/);
  expect(creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  return { metadata: marks, ...rest };
}

export function expectStatus(reply: ApiReply, code: number, body: unknown): void {
  expect(reply.text).toBe(`${JSON.stringify(body)}\n`);
  expect(reply.status).toBe(code);
  expect(reply.headers['content-type']).toBe('application/json');
}

export function failure(code: number, reason: string, message: string, details?: unknown): unknown {
  const head = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure' };
  return { ...head, message, reason, ...(details === undefined ? {} : { details }), code };
}

export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

export const emptyAuths = {
  type: 'kubernetes.io/dockerconfigjson',
  data: { '.dockerconfigjson': base64('{"auths":{}}') },
};

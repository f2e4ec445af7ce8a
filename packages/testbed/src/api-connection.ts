/**
 * A small client for the testbed's own calls to an API server. Independent of packages/kube on
 * purpose: what judges the product must not share its code.
 */
import { type Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest, Agent as TlsAgent } from 'node:https';

export interface ApiReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The body as JSON; undefined when it is not. */
  readonly json: unknown;
}

export interface ApiCall {
  readonly method?: string;
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly token?: string;
  readonly timeoutMs?: number;
}

export interface ApiConnection {
  readonly url: string;
  call(call: ApiCall): Promise<ApiReply>;
  /** The reply's head at once, its body as a stream: for watches. The signal ends it. */
  open(call: ApiCall, signal: AbortSignal): Promise<IncomingMessage>;
  close(): void;
}

export interface ConnectionOptions {
  readonly url: string;
  readonly token: string;
  readonly caCertificate?: string;
  readonly connections?: number;
}

const callTimeoutMs = 30_000;

export function connectToApi(options: ConnectionOptions): ApiConnection {
  const agent = options.url.startsWith('https:')
    ? new TlsAgent({
        keepAlive: true,
        maxSockets: options.connections ?? 4,
        ca: options.caCertificate,
      })
    : undefined;
  return {
    url: options.url,
    async call(call) {
      const signal = AbortSignal.timeout(call.timeoutMs ?? callTimeoutMs);
      const response = await send(options, call, agent, signal);
      const text = await readText(response);
      return {
        status: response.statusCode ?? 0,
        headers: response.headers,
        text,
        json: parseJson(text),
      };
    },
    // A watch holds its connection: outside the pool it takes none away from the calls.
    open: (call, signal) => send(options, call, undefined, signal),
    close: () => agent?.destroy(),
  };
}

function send(
  options: ConnectionOptions,
  call: ApiCall,
  agent: Agent | undefined,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const url = new URL(call.path, options.url);
  const body = call.body === undefined ? undefined : JSON.stringify(call.body);
  const headers: Record<string, string> = {
    authorization: `Bearer ${call.token ?? options.token}`,
    accept: 'application/json',
    'user-agent': 'moorage-testbed',
    ...(body === undefined
      ? {}
      : {
          'content-type': call.contentType ?? 'application/json',
          // Node frames no body of a DELETE by itself.
          'content-length': String(Buffer.byteLength(body)),
        }),
  };
  const secure = url.protocol === 'https:';
  const settings = {
    method: call.method ?? 'GET',
    headers,
    signal,
    ...(agent === undefined ? {} : { agent }),
    ...(secure && options.caCertificate !== undefined ? { ca: options.caCertificate } : {}),
  };
  return new Promise((resolve, reject) => {
    const outgoing = secure
      ? httpsRequest(url, settings, resolve)
      : httpRequest(url, settings, resolve);
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

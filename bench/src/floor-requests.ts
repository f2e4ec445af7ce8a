/** The requests of the floor writer, built whole before the clock starts. */

export interface FloorServer {
  readonly host: string;
  readonly port: number;
  readonly caCertificate: string;
  readonly token: string;
}

export interface FloorJob {
  /** `first`: Secret and service account; `rotate`: the Secret; `clear`: takes both away again. */
  readonly action: 'first' | 'rotate' | 'clear';
  readonly namespaces: readonly string[];
  readonly secretName: string;
  readonly content: string;
  /** The same marks that the product writes, so that both write objects of the same size. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly connections: number;
  /** Requests under way on each connection: the next one is there when the server is done. */
  readonly depth: number;
}

const secretType = 'kubernetes.io/dockerconfigjson';
const mergePatch = 'application/merge-patch+json';

export function buildRequests(server: FloorServer, job: FloorJob): readonly Buffer[] {
  const { secretName: name, labels, annotations } = job;
  const data = { '.dockerconfigjson': Buffer.from(job.content, 'utf8').toString('base64') };
  const metadata = { name, labels, annotations };
  const kind = { apiVersion: 'v1', kind: 'Secret', type: secretType };
  const secret = JSON.stringify({ ...kind, metadata, data });
  const rotation = JSON.stringify({ metadata: { annotations }, data });
  const attached = JSON.stringify({ imagePullSecrets: [{ name }] });
  const detached = JSON.stringify({ imagePullSecrets: null });
  const build = (method: string, path: string, type: string, body: string) =>
    buildRequest(server, { method, path, type, body });
  const secrets = (namespace: string) => `/api/v1/namespaces/${namespace}/secrets`;
  const account = (namespace: string) => `/api/v1/namespaces/${namespace}/serviceaccounts/default`;
  const perNamespace: Record<FloorJob['action'], (namespace: string) => readonly Buffer[]> = {
    first: (namespace) => [
      build('POST', secrets(namespace), 'application/json', secret),
      build('PATCH', account(namespace), mergePatch, attached),
    ],
    rotate: (namespace) => [build('PATCH', `${secrets(namespace)}/${name}`, mergePatch, rotation)],
    clear: (namespace) => [
      build('PATCH', account(namespace), mergePatch, detached),
      build('DELETE', `${secrets(namespace)}/${name}`, 'application/json', ''),
    ],
  };
  return job.namespaces.flatMap(perNamespace[job.action]);
}

interface Parts {
  readonly method: string;
  readonly path: string;
  readonly type: string;
  readonly body: string;
}

function buildRequest(server: FloorServer, { method, path, type, body }: Parts): Buffer {
  const head = [
    `${method} ${path} HTTP/1.1`,
    `Host: ${server.host}:${server.port}`,
    `Authorization: Bearer ${server.token}`,
    'Accept: application/json',
    `Content-Type: ${type}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'User-Agent: moorage-bench',
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`, 'utf8');
}

/** What tests create in a cluster again and again: namespaces, service accounts and their tokens. */
import type { ApiConnection, ApiReply } from './api-connection.js';

export interface NamespaceOptions {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface ServiceAccountTokenOptions {
  readonly namespace: string;
  readonly name: string;
  /** At least 600, the API server's own minimum. */
  readonly expirationSeconds?: number;
}

export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

export interface ClusterObjects {
  /** The namespace with its `default` service account, which it creates when no controller does. */
  createNamespace(name: string, options?: NamespaceOptions): Promise<void>;
  /** Many namespaces at once, for benchmarks. */
  createNamespaces(names: readonly string[], options?: NamespaceOptions): Promise<void>;
  /** A token of the TokenRequest API; the service account and its namespace are made when missing. */
  createServiceAccountToken(options: ServiceAccountTokenOptions): Promise<string>;
  /** Allows the service account these rules in the whole cluster. */
  grant(options: ServiceAccountTokenOptions, rules: readonly PolicyRule[]): Promise<void>;
  kubeconfigForServiceAccount(options: ServiceAccountTokenOptions): Promise<string>;
}

export function clusterObjects(
  connection: ApiConnection,
  kubeconfigWith: (user: string, token: string) => string,
): ClusterObjects {
  const createNamespace = async (name: string, options: NamespaceOptions = {}) => {
    await post(connection, '/api/v1/namespaces', namespaceObject(name, options));
    await post(
      connection,
      `/api/v1/namespaces/${name}/serviceaccounts`,
      serviceAccountObject(name, 'default'),
    );
  };
  const createServiceAccountToken = (options: ServiceAccountTokenOptions) =>
    requestToken(connection, options);
  return {
    createNamespace,
    async createNamespaces(names, options) {
      const waiting = [...names];
      const work = async () => {
        for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
          await createNamespace(name, options);
        }
      };
      await Promise.all(Array.from({ length: 16 }, work));
    },
    createServiceAccountToken,
    grant: (options, rules) => grant(connection, options, rules),
    async kubeconfigForServiceAccount(options) {
      return kubeconfigWith(
        `${options.namespace}-${options.name}`,
        await createServiceAccountToken(options),
      );
    },
  };
}

function namespaceObject(name: string, options: NamespaceOptions): unknown {
  const { labels = {}, annotations = {} } = options;
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels, annotations } };
}

function serviceAccountObject(namespace: string, name: string): unknown {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } };
}

/** Creates; an object that exists already is fine. */
async function post(connection: ApiConnection, path: string, body: unknown): Promise<ApiReply> {
  const reply = await connection.call({ method: 'POST', path, body });
  if (reply.status >= 300 && reply.status !== 409) {
    throw new Error(`POST ${path} answered ${reply.status}: ${reply.text.slice(0, 500)}`);
  }
  return reply;
}

async function requestToken(
  connection: ApiConnection,
  options: ServiceAccountTokenOptions,
): Promise<string> {
  const { namespace, name } = options;
  const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  await post(connection, '/api/v1/namespaces', namespaceObject(namespace, {}));
  await post(connection, accounts, serviceAccountObject(namespace, name));
  const reply = await post(connection, `${accounts}/${name}/token`, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: options.expirationSeconds ?? 86_400 },
  });
  // The reply of a TokenRequest always has this shape; a refusal was thrown above.
  const { status } = reply.json as { status: { token: string } };
  return status.token;
}

async function grant(
  connection: ApiConnection,
  { namespace, name }: ServiceAccountTokenOptions,
  rules: readonly PolicyRule[],
): Promise<void> {
  const role = `${namespace}:${name}:${Math.random().toString(36).slice(2, 10)}`;
  const api = '/apis/rbac.authorization.k8s.io/v1';
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  await post(connection, `${api}/clusterroles`, {
    apiVersion,
    kind: 'ClusterRole',
    metadata: { name: role },
    rules,
  });
  await post(connection, `${api}/clusterrolebindings`, {
    apiVersion,
    kind: 'ClusterRoleBinding',
    metadata: { name: role },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
    subjects: [{ kind: 'ServiceAccount', namespace, name }],
  });
}

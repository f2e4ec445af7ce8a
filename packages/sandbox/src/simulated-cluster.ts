/**
 * A simulated Kubernetes cluster: its API over plain HTTP on a loopback port, with one bearer
 * token, held in memory. It serves the demo environment and the fast tests, says `+simulated` in
 * its version, and is held to the real kube-apiserver by one conformance suite that runs against
 * both.
 *
 * Not handled: TLS, managedFields, server-side apply, strategic merge and JSON patches, defaults
 * and validation of pod specs, admission policies other than our image policies (stored, not
 * enforced), running pods.
 */
import { type AccessRule, everything } from './access-reviews.js';
import { apiResources, coreResource } from './api-resources.js';
import { ClusterApi } from './cluster-api.js';
import { RequestFaults, type Unreachable } from './faults.js';
import type { JsonRecord, KubeObject } from './kube-object.js';
import { isRecord, textOf } from './kube-object.js';
import { listenOnLoopback } from './loopback-server.js';
import { startNamespaceController } from './namespace-controller.js';
import { type SimulatedNode, startNodeAgents } from './node-agents.js';
import { ObjectStore } from './object-store.js';
import { createObject, deleteObject, patchObject, replaceObject } from './object-writes.js';
import { RequestLog } from './request-log.js';
import { WatchHub } from './watch-hub.js';
import { startWorkloadController } from './workload-controller.js';

export interface SimulatedClusterOptions {
  readonly name: string;
  readonly token: string;
  /** Created at the start; `default`, `kube-system` and `kube-public` come on top, as everywhere. */
  readonly namespaces?: readonly string[];
  readonly port?: number;
  /** The name behind the token, as refusals and reviews say it. */
  readonly user?: string;
  /** What the token may do; absent: everything. */
  readonly rules?: readonly AccessRule[];
  /** Changes kept for watches and paged lists before 410. */
  readonly historyLimit?: number;
  readonly bookmarkIntervalMs?: number;
  /** How long a deleted namespace stays `Terminating`. */
  readonly namespaceRemovalMs?: number;
  /** Workloads become ready and have pods, for the demo. Off: they stay as they were written. */
  readonly runWorkloads?: boolean;
  /** With agents that seem to apply the node config, for the demo. */
  readonly nodes?: readonly SimulatedNode[];
}

export interface NamespaceMarks {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface SimulatedCluster {
  readonly name: string;
  readonly url: string;
  readonly token: string;
  readonly user: string;
  readonly store: ObjectStore;
  /** Faults of single requests: delay, 429, forced statuses, lost replies. */
  readonly faults: RequestFaults;
  /** Faults of watches: dropped events, cuts, expiry, lagging reads, bookmarks on demand. */
  readonly watches: WatchHub;
  readonly requests: RequestLog;
  kubeconfig(): string;
  setRules(rules: readonly AccessRule[]): void;
  /** The old token is refused from now on. */
  setToken(token: string): void;
  setUnreachable(how: Unreachable | undefined): Promise<void>;
  createNamespace(name: string, marks?: NamespaceMarks): KubeObject;
  deleteNamespace(name: string): void;
  get(plural: string, namespace: string, name: string): KubeObject | undefined;
  list(plural: string, namespace?: string): readonly KubeObject[];
  /** Creates the object or replaces it, as someone else in the cluster would. */
  apply(object: JsonRecord): KubeObject;
  /** A merge patch by someone else, e.g. a Secret's data edited by hand. */
  patch(plural: string, namespace: string, name: string, change: JsonRecord): KubeObject;
  remove(plural: string, namespace: string, name: string): void;
  /** Values in plain text. */
  editSecret(namespace: string, name: string, values: Readonly<Record<string, string>>): KubeObject;
  deleteSecret(namespace: string, name: string): void;
  stop(): Promise<void>;
}

const defaults = { historyLimit: 20_000, bookmarkIntervalMs: 60_000, namespaceRemovalMs: 50 };
const systemNamespaces = ['default', 'kube-public', 'kube-system'];

export async function startSimulatedCluster(
  options: SimulatedClusterOptions,
): Promise<SimulatedCluster> {
  const settings = { ...defaults, ...options };
  const { name, user = 'system:serviceaccount:moorage-system:moorage' } = options;
  let { token, rules = everything } = options;
  const store = new ObjectStore(settings.historyLimit);
  const controllers = [startNamespaceController(store, settings.namespaceRemovalMs)];
  if (options.runWorkloads === true) controllers.push(startWorkloadController(store));
  if (options.nodes !== undefined) controllers.push(startNodeAgents(store, options.nodes));
  const hub = new WatchHub(store, settings.bookmarkIntervalMs);
  const [faults, log] = [new RequestFaults(), new RequestLog()];
  const api = new ClusterApi({ store, hub, faults, log, identity: () => ({ token, user, rules }) });
  const server = await listenOnLoopback(options.port ?? 0, (request, response) =>
    api.respond(request, response),
  );
  const cluster = objectControls(store);
  for (const namespace of [...systemNamespaces, ...(options.namespaces ?? [])])
    cluster.createNamespace(namespace);
  return {
    ...cluster,
    name,
    url: server.url,
    get token() {
      return token;
    },
    user,
    store,
    faults,
    watches: hub,
    requests: log,
    kubeconfig: () => kubeconfigOf(name, server.url, token),
    setRules: (next) => {
      rules = next;
    },
    setToken: (next) => {
      token = next;
    },
    setUnreachable: server.setUnreachable,
    async stop() {
      for (const controller of controllers) controller.stop();
      hub.stop();
      await server.stop();
    },
  };
}

type ObjectControls = Pick<
  SimulatedCluster,
  | 'createNamespace'
  | 'deleteNamespace'
  | 'get'
  | 'list'
  | 'apply'
  | 'patch'
  | 'remove'
  | 'editSecret'
  | 'deleteSecret'
>;

function objectControls(store: ObjectStore): ObjectControls {
  const addressOf = (plural: string, namespace: string, name: string) => ({
    resource: resourceOf(plural),
    namespace,
    name,
  });
  const patch = (plural: string, namespace: string, name: string, change: JsonRecord) =>
    patchObject(store, addressOf(plural, namespace, name), JSON.stringify(change));
  const remove = (plural: string, namespace: string, name: string) =>
    void deleteObject(store, addressOf(plural, namespace, name), {});
  return {
    createNamespace(name, marks = {}) {
      const existing = store.get(coreResource('namespaces'), '', name);
      const body = JSON.stringify({ metadata: { name, ...marks } });
      return (
        existing ??
        createObject(store, { resource: coreResource('namespaces'), namespace: '', name: '' }, body)
      );
    },
    deleteNamespace: (name) => remove('namespaces', '', name),
    get: (plural, namespace, name) => store.get(resourceOf(plural), namespace, name),
    list: (plural, namespace = '') => store.list({ resource: resourceOf(plural), namespace }),
    apply: (object) => applyObject(store, object),
    patch,
    remove,
    editSecret(namespace, name, values) {
      const encode = ([key, value]: [string, string]) => [
        key,
        Buffer.from(value).toString('base64'),
      ];
      return patch('secrets', namespace, name, {
        data: Object.fromEntries(Object.entries(values).map(encode)),
      });
    },
    deleteSecret: (namespace, name) => remove('secrets', namespace, name),
  };
}

function applyObject(store: ObjectStore, object: JsonRecord): KubeObject {
  const metadata = isRecord(object.metadata) ? object.metadata : {};
  const resource = apiResources.find(({ kind }) => kind === object.kind);
  if (resource === undefined)
    throw new Error(`not a kind of the simulated API: ${String(object.kind)}`);
  const namespace = resource.namespaced ? (textOf(metadata.namespace) ?? 'default') : '';
  const name = textOf(metadata.name) ?? '';
  const body = JSON.stringify(object);
  const exists = store.get(resource, namespace, name) !== undefined;
  return exists
    ? replaceObject(store, { resource, namespace, name }, body)
    : createObject(store, { resource, namespace, name: '' }, body);
}

function resourceOf(plural: string) {
  const resource = apiResources.find((candidate) => candidate.plural === plural);
  if (resource === undefined) throw new Error(`not a resource of the simulated API: ${plural}`);
  return resource;
}

function kubeconfigOf(cluster: string, server: string, token: string): string {
  const document = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: cluster, cluster: { server } }],
    users: [{ name: 'moorage', user: { token } }],
    contexts: [{ name: cluster, context: { cluster, user: 'moorage' } }],
    'current-context': cluster,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

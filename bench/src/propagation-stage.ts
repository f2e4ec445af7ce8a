/**
 * The stage of every benchmark that writes to a cluster: a real API server on etcd, the product's
 * own process with a throwaway Postgres, the floor writer, and the independent watcher that alone
 * decides when a namespace is done. Product and floor write to the same namespaces in turn; what
 * one wrote is taken away before the other begins.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { endpoints } from '@moorage/contract';
import { ProblemError } from '@moorage/contract/client';
import {
  type Kubernetes,
  type Postgres,
  type PropagationReport,
  type PropagationWatcher,
  startKubernetes,
  startPostgres,
  watchPropagation,
} from '@moorage/testbed';
import { buildRequests, type FloorJob, type FloorServer } from './floor-requests.js';
import { FloorWriter } from './floor-writer.js';
import { cpuTimeMs } from './process-usage.js';
import { type Product, startProduct } from './product.js';
import { type Login, PullSecretModel } from './pull-secret-model.js';

export interface StageOptions {
  readonly namespaces: number;
  /** Registries with one login each; all go into the one Secret of a namespace. */
  readonly credentials: number;
}

export interface Pass {
  readonly durationMs: number;
  /** Of the writing process, the settling afterwards included. */
  readonly cpuMs: number;
}

const environment = 'default';
const secretName = 'moorage-bench';
const passTimeoutMs = 300_000;
/** Progress is written behind four times a second: its cost belongs to the pass. */
const settleMs = 600;

export class PropagationStage {
  readonly secretName = secretName;
  /** What the product was told, and what the floor writer writes. */
  readonly #told = new PullSecretModel();
  readonly #floors = new PullSecretModel();
  #registryIds: string[] = [];
  #targetId: string | undefined;

  private constructor(
    readonly kubernetes: Kubernetes,
    readonly postgres: Postgres,
    readonly databaseUrl: string,
    public product: Product,
    readonly floor: FloorWriter,
    readonly floorServer: FloorServer,
    readonly watcher: PropagationWatcher,
    readonly namespaces: readonly string[],
  ) {}

  static async open(options: StageOptions): Promise<PropagationStage> {
    const [kubernetes, postgres] = await Promise.all([startKubernetes(), startPostgres()]);
    try {
      return await PropagationStage.#build(options, kubernetes, postgres);
    } catch (error) {
      await Promise.all([kubernetes.stop(), postgres.stop()]);
      throw error;
    }
  }

  static async #build(
    options: StageOptions,
    kubernetes: Kubernetes,
    postgres: Postgres,
  ): Promise<PropagationStage> {
    const width = String(options.namespaces).length;
    const namespaces = Array.from(
      { length: options.namespaces },
      (_, at) => `bench-${String(at).padStart(width, '0')}`,
    );
    await kubernetes.createNamespaces(namespaces);
    const token = await clusterToken(kubernetes);
    const { url, caCertificate, adminToken } = kubernetes;
    const floorServer = { ...addressOf(url), caCertificate, token };
    const databaseUrl = await postgres.createDatabase();
    const watcher = await watchPropagation({ url, caCertificate, token: adminToken, secretName });
    const product = await startProduct({ databaseUrl });
    const stage = new PropagationStage(
      kubernetes,
      postgres,
      databaseUrl,
      product,
      new FloorWriter(floorServer),
      floorServer,
      watcher,
      namespaces,
    );
    for (let at = 0; at < options.credentials; at += 1) stage.#floors.rotate(at);
    await stage.#connect(token, options.credentials);
    return stage;
  }

  async close(): Promise<void> {
    this.watcher.stop();
    this.floor.stop();
    await this.product.stop();
    await Promise.all([this.kubernetes.stop(), this.postgres.stop()]);
  }

  /** The product serves all namespaces for the first time: from the accepted target on. */
  async serveFirst(serveAlso: readonly string[] = []): Promise<Pass> {
    const { call } = this.product;
    const { items } = await call(endpoints.listClusters, {});
    const clusterId = items[0]?.id ?? '';
    return this.#measure(async () => {
      const body = {
        clusterId,
        secretName,
        namespaces: { include: ['bench-*', ...serveAlso], exclude: [], matchLabels: {} },
      };
      const target = await call(endpoints.createTarget, { env: environment, body });
      this.#targetId = target.id;
    });
  }

  /** A newer login of the first registry reaches all namespaces: from the accepted login on. */
  async rotate(): Promise<Pass> {
    const login = this.#nextLogin(0);
    return this.#measure(() => this.#addLogin(login));
  }

  /** Announces the next rotation and makes it, without waiting for its end. */
  async beginRotation(): Promise<void> {
    const login = this.#nextLogin(0);
    this.watcher.begin(this.#told.content(), this.namespaces);
    await this.#addLogin(login);
  }

  /** Whether every namespace has what the last change asked for. */
  isRotated(): boolean {
    return this.namespaces.every((name) => this.watcher.completedAt(name) !== undefined);
  }

  /** From now on what the product was told last is right, also where it is there already. */
  expectPresent(): void {
    this.watcher.begin(this.#told.content(), this.namespaces);
  }

  async waitUntilAllServed(): Promise<void> {
    const run = this.watcher.begin(this.#told.content(), this.namespaces);
    requireComplete(await run.finished(passTimeoutMs));
    await delay(settleMs);
  }

  /** A single Secret of the size of a pull secret, outside every target. */
  probeRequest(namespace: string, name: string): Buffer {
    const { labels, annotations } = this.#floors.marks();
    const [request] = buildRequests(this.floorServer, {
      ...{ action: 'first', namespaces: [namespace], secretName: name, labels, annotations },
      ...{ content: this.#floors.content(), connections: 1, depth: 1 },
    });
    if (request === undefined) throw new Error('there is no request for a namespace');
    return request;
  }

  async resync(): Promise<void> {
    const targetId = this.#targetId ?? '';
    await this.product.call(endpoints.syncTarget, { env: environment, targetId });
    await delay(2 * settleMs);
  }

  async removeTarget(): Promise<void> {
    const input = { env: environment, targetId: this.#targetId ?? '' };
    await this.product.call(endpoints.deleteTarget, input);
    const deadline = performance.now() + passTimeoutMs;
    while (performance.now() < deadline) {
      try {
        await this.product.call(endpoints.getTarget, input);
      } catch (error) {
        if (error instanceof ProblemError && error.problem.status === 404) return;
        throw error;
      }
      await delay(50);
    }
    throw new Error('the target was not removed in time');
  }

  async floorPass(
    action: FloorJob['action'],
    settings: Pick<FloorJob, 'connections' | 'depth'>,
  ): Promise<Pass> {
    if (action === 'rotate') this.#floors.rotate(0);
    const content = this.#floors.content();
    const { labels, annotations } = this.#floors.marks();
    const job = { action, namespaces: this.namespaces, secretName, content, labels, annotations };
    if (action === 'clear') return this.floor.run({ ...job, ...settings });
    const began: { run?: ReturnType<PropagationWatcher['begin']> } = {};
    const { cpuMs } = await this.floor.run({ ...job, ...settings }, () => {
      began.run = this.watcher.begin(content, this.namespaces);
    });
    if (began.run === undefined) throw new Error('the floor writer never began');
    const { durationMs } = requireComplete(await began.run.finished(passTimeoutMs));
    return { durationMs, cpuMs };
  }

  /** The same installation in a new process. */
  async restartProduct(): Promise<void> {
    const { masterKey } = this.product;
    await this.product.stop();
    this.product = await startProduct({ databaseUrl: this.databaseUrl, masterKey });
    await this.resync(); // answered only when the cluster is held; then everything is looked at
  }

  async #measure(change: () => Promise<void>): Promise<Pass> {
    const { pid } = this.product;
    const cpuBefore = cpuTimeMs(pid);
    const run = this.watcher.begin(this.#told.content(), this.namespaces);
    await change();
    const acceptedAt = performance.now();
    const report = requireComplete(await run.finished(passTimeoutMs));
    await delay(settleMs);
    const durationMs = run.startedAt + report.durationMs - acceptedAt;
    return { durationMs, cpuMs: cpuTimeMs(pid) - cpuBefore };
  }

  async #connect(token: string, credentials: number): Promise<void> {
    const { call } = this.product;
    const { url, caCertificate } = this.kubernetes;
    const body = { name: 'bench', server: url, caCertificate, token };
    const cluster = await call(endpoints.createCluster, { body });
    for (let at = 0; at < credentials; at += 1) {
      const { address, username, password } = this.#nextLogin(at);
      const credential = { username, password };
      const registry = await call(endpoints.createRegistry, {
        env: environment,
        body: { address, credential },
      });
      this.#registryIds.push(registry.id);
    }
    await this.#waitUntilReachable(cluster.id);
  }

  async #waitUntilReachable(clusterId: string): Promise<void> {
    const deadline = performance.now() + 60_000;
    while (performance.now() < deadline) {
      const cluster = await this.product.call(endpoints.getCluster, { clusterId });
      if (cluster.reachable === true) return delay(settleMs);
      await delay(100);
    }
    throw new Error('the product did not reach the cluster in time');
  }

  #nextLogin(registry: number): Login {
    return this.#told.rotate(registry);
  }

  async #addLogin({ username, password }: Login): Promise<void> {
    await this.product.call(endpoints.createCredential, {
      env: environment,
      registryId: this.#registryIds[0] ?? '',
      body: { username, password },
    });
  }
}

function requireComplete(report: PropagationReport): PropagationReport {
  if (report.isComplete) return report;
  const examples = report.missing.slice(0, 5).join(', ');
  throw new Error(`${report.missing.length} namespaces were never complete: ${examples}`);
}

function addressOf(url: string): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}

/** A service account, as the contract asks for; product and floor writer share it. */
async function clusterToken(kubernetes: Kubernetes): Promise<string> {
  const account = { namespace: 'moorage-system', name: 'moorage' };
  await kubernetes.grant(account, [
    { apiGroups: [''], resources: ['namespaces'], verbs: ['get', 'list', 'watch'] },
    {
      apiGroups: [''],
      resources: ['secrets'],
      verbs: ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'],
    },
    {
      apiGroups: [''],
      resources: ['serviceaccounts'],
      verbs: ['get', 'list', 'watch', 'patch', 'update'],
    },
  ]);
  return kubernetes.createServiceAccountToken(account);
}

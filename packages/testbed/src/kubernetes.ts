/**
 * A real Kubernetes API server on etcd, with or without its controllers. Unchanged upstream
 * programs with the flags that a test needs: loopback, own certificates, one administrator token.
 *
 * Without the controller-manager nobody creates the `default` service accounts, and deleted
 * namespaces stay `Terminating` for ever: create namespaces with `createNamespace`, use new names.
 */
import { type ApiCall, type ApiReply, connectToApi } from './api-connection.js';
import type { Program } from './child-process.js';
import { type ClusterObjects, clusterObjects } from './cluster-objects.js';
import { type Etcd, startEtcd } from './etcd.js';
import { formatKubeconfig } from './kubeconfig.js';
import { ensureKubernetesBinary } from './kubernetes-binary.js';
import {
  type ClusterFiles,
  startApiServer,
  startControllerManager,
  startScheduler,
  writeClusterFiles,
} from './kubernetes-programs.js';
import { parseRequestTotals, type RequestTotal } from './request-totals.js';
import { createTemporaryDirectory } from './temporary-directory.js';

export interface KubernetesOptions {
  readonly name?: string;
  /** Creates default service accounts, finishes deleted namespaces, runs workload controllers. */
  readonly controllerManager?: boolean;
  readonly scheduler?: boolean;
  /** A shared etcd; then `etcdPrefix` keeps the clusters apart, and the caller stops it. */
  readonly etcd?: Etcd;
  readonly etcdPrefix?: string;
  readonly version?: string;
  /** Further flags of kube-apiserver, e.g. `--feature-gates=…`. */
  readonly flags?: readonly string[];
}

export interface Kubernetes extends ClusterObjects {
  readonly name: string;
  readonly url: string;
  readonly caCertificate: string;
  readonly adminToken: string;
  /** Folder with the output of every program, for diagnosis. */
  readonly directory: string;
  /** Of the API server and its controllers, for measuring; they change when it is restarted. */
  pids(): readonly number[];
  /** The binary with the four programs, for a kubelet. */
  readonly binary: string;
  kubeconfig(): string;
  kubeconfigWith(user: string, token: string): string;
  /** Any call, as administrator unless a token is given. */
  call(call: ApiCall): Promise<ApiReply>;
  requestTotals(): Promise<readonly RequestTotal[]>;
  /** The API server answers nothing but its connections stay open. */
  freeze(): void;
  thaw(): void;
  /** Ends the API server alone (connections refused) and starts it again on the same port. */
  stopApiServer(): Promise<void>;
  startApiServer(): Promise<void>;
  /** Every older resource version answers 410: etcd compacted, the API server's caches made anew. */
  expireHistory(): Promise<void>;
  stop(): Promise<void>;
}

let clusterCount = 0;

export async function startKubernetes(options: KubernetesOptions = {}): Promise<Kubernetes> {
  clusterCount += 1;
  const name = options.name ?? `test-${clusterCount}`;
  const binary = await ensureKubernetesBinary(
    options.version === undefined ? {} : { version: options.version },
  );
  const directory = createTemporaryDirectory('kubernetes');
  const files = await writeClusterFiles(name, directory.path, binary);
  const etcd = options.etcd ?? (await startEtcd());
  const prefix = options.etcdPrefix ?? `/${name}-${process.pid}-${clusterCount}`;
  const startApi = () => startApiServer(files, etcd, prefix, options);
  const cleanUp = async () => {
    if (options.etcd === undefined) await etcd.stop();
    await directory.remove();
  };
  let cluster: RunningKubernetes | undefined;
  try {
    cluster = new RunningKubernetes(name, files, await startApi(), startApi, etcd, cleanUp);
    if (options.controllerManager === true) cluster.add(await startControllerManager(files));
    if (options.scheduler === true) cluster.add(await startScheduler(files));
    return cluster.face();
  } catch (error) {
    await (cluster === undefined ? cleanUp() : cluster.face().stop());
    throw error;
  }
}

class RunningKubernetes {
  readonly #controllers: Program[] = [];

  constructor(
    readonly name: string,
    readonly files: ClusterFiles,
    private api: Program,
    readonly startApi: () => Promise<Program>,
    readonly etcd: Etcd,
    readonly cleanUp: () => Promise<void>,
  ) {}

  add(program: Program): void {
    this.#controllers.push(program);
  }

  face(): Kubernetes {
    const { name, files } = this;
    const { url, caCertificate, adminToken } = files;
    const connection = connectToApi({ url, caCertificate, token: adminToken, connections: 8 });
    const kubeconfigWith = (user: string, token: string) =>
      formatKubeconfig({ cluster: name, url, caCertificate, user, token });
    return {
      ...clusterObjects(connection, kubeconfigWith),
      name,
      url,
      caCertificate,
      adminToken,
      binary: files.binary,
      directory: files.directory,
      pids: () => [this.api.pid, ...this.#controllers.map(({ pid }) => pid)],
      kubeconfig: () => kubeconfigWith('admin', adminToken),
      kubeconfigWith,
      call: connection.call,
      async requestTotals() {
        const reply = await connection.call({ path: '/metrics', timeoutMs: 60_000 });
        return parseRequestTotals(reply.text);
      },
      freeze: () => this.api.freeze(),
      thaw: () => this.api.thaw(),
      stopApiServer: () => this.api.stop(),
      startApiServer: async () => {
        this.api = await this.startApi();
      },
      expireHistory: async () => {
        await this.etcd.compact();
        await this.api.kill();
        this.api = await this.startApi();
      },
      stop: async () => {
        connection.close();
        await Promise.all(this.#controllers.map((program) => program.stop(1_000)));
        // Tests have no use for the API server's graceful drain of open watches.
        await this.api.kill();
        await this.cleanUp();
      },
    };
  }
}

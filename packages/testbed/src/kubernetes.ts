/**
 * A real Kubernetes API server on etcd, with or without its controllers. Unchanged upstream
 * programs with the flags that a test needs: loopback, own certificates, one administrator token.
 *
 * Without the controller-manager nobody creates the `default` service accounts, and deleted
 * namespaces stay `Terminating` for ever: create namespaces with `createNamespace`, use new names.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ApiCall, type ApiReply, connectToApi } from './api-connection.js';
import { createServerCertificate } from './certificates.js';
import { type Program, startProgram, waitUntilReady } from './child-process.js';
import { type ClusterObjects, clusterObjects } from './cluster-objects.js';
import { type Etcd, startEtcd } from './etcd.js';
import { freePort } from './free-port.js';
import { formatKubeconfig } from './kubeconfig.js';
import { ensureKubernetesBinary } from './kubernetes-binary.js';
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
  readonly pids: readonly number[];
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

interface ClusterFiles {
  readonly binary: string;
  readonly directory: string;
  readonly port: number;
  readonly url: string;
  readonly caFile: string;
  readonly caCertificate: string;
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly serviceAccountKeyFile: string;
  readonly tokenFile: string;
  readonly adminToken: string;
  readonly kubeconfigFile: string;
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
  const cluster = new RunningKubernetes(name, files, await startApi(), startApi, etcd, async () => {
    if (options.etcd === undefined) await etcd.stop();
    await directory.remove();
  });
  if (options.controllerManager === true) cluster.add(await startControllerManager(files));
  if (options.scheduler === true) cluster.add(await startScheduler(files));
  return cluster.face();
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
      pids: [this.api.pid, ...this.#controllers.map(({ pid }) => pid)],
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

async function writeClusterFiles(
  name: string,
  directory: string,
  binary: string,
): Promise<ClusterFiles> {
  const certificate = await createServerCertificate(directory, {
    names: ['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'],
    addresses: ['127.0.0.1', '10.0.0.1'],
  });
  const serviceAccountKeyFile = join(directory, 'service-account.key');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(serviceAccountKeyFile, privateKey.export({ type: 'pkcs1', format: 'pem' }), {
    mode: 0o600,
  });
  const adminToken = randomBytes(24).toString('hex');
  const tokenFile = join(directory, 'tokens.csv');
  writeFileSync(tokenFile, `${adminToken},admin,admin,"system:masters"\n`, { mode: 0o600 });
  mkdirSync(join(directory, 'certificates'));
  const port = await freePort();
  const url = `https://127.0.0.1:${port}`;
  const kubeconfigFile = join(directory, 'admin.kubeconfig');
  const { caCertificate } = certificate;
  const kubeconfig = formatKubeconfig({
    cluster: name,
    url,
    caCertificate,
    user: 'admin',
    token: adminToken,
  });
  writeFileSync(kubeconfigFile, kubeconfig, { mode: 0o600 });
  return {
    ...certificate,
    binary,
    directory,
    port,
    url,
    serviceAccountKeyFile,
    tokenFile,
    adminToken,
    kubeconfigFile,
  };
}

async function startApiServer(
  files: ClusterFiles,
  etcd: Etcd,
  prefix: string,
  options: KubernetesOptions,
): Promise<Program> {
  const flags = [
    ...['--etcd-servers', etcd.url, '--etcd-prefix', prefix],
    ...['--bind-address', '127.0.0.1', '--secure-port', String(files.port)],
    ...['--tls-cert-file', files.certificateFile, '--tls-private-key-file', files.keyFile],
    ...['--cert-dir', join(files.directory, 'certificates')],
    ...['--service-account-issuer', 'https://localhost'],
    ...['--service-account-key-file', files.serviceAccountKeyFile],
    ...['--service-account-signing-key-file', files.serviceAccountKeyFile],
    ...['--token-auth-file', files.tokenFile, '--authorization-mode', 'RBAC'],
    ...['--service-cluster-ip-range', '10.0.0.0/24', '--allow-privileged'],
    // A loopback address is no valid endpoint of the `kubernetes` service, and none is needed.
    ...['--endpoint-reconciler-type', 'none'],
    // Refuses pods whose service account does not exist yet; nobody creates them without controllers.
    ...(options.controllerManager === true
      ? []
      : ['--disable-admission-plugins', 'ServiceAccount']),
    ...(options.flags ?? []),
  ];
  const program = startProgram({
    name: 'kube-apiserver',
    command: files.binary,
    args: ['kube-apiserver', ...flags],
    logFile: join(files.directory, 'kube-apiserver.log'),
  });
  const { url, caCertificate, adminToken: token } = files;
  const probe = connectToApi({ url, caCertificate, token, connections: 1 });
  try {
    const isReady = async () =>
      (await probe.call({ path: '/readyz', timeoutMs: 2_000 })).status === 200;
    await waitUntilReady(program, isReady, { timeoutMs: 120_000, intervalMs: 100 });
  } finally {
    probe.close();
  }
  return program;
}

async function startControllerManager(files: ClusterFiles): Promise<Program> {
  return startController(files, 'kube-controller-manager', [
    ...['--service-account-private-key-file', files.serviceAccountKeyFile],
    ...['--root-ca-file', files.caFile],
  ]);
}

function startScheduler(files: ClusterFiles): Promise<Program> {
  return startController(files, 'kube-scheduler', []);
}

async function startController(
  files: ClusterFiles,
  name: string,
  flags: readonly string[],
): Promise<Program> {
  const port = await freePort();
  const config = files.kubeconfigFile;
  const program = startProgram({
    name,
    command: files.binary,
    args: [
      ...[name, '--kubeconfig', config, '--authentication-kubeconfig', config],
      ...['--authorization-kubeconfig', config, '--leader-elect=false'],
      ...['--bind-address', '127.0.0.1', '--secure-port', String(port)],
      // The controllers' own certificate serves nobody here; the API server's saves making another.
      ...['--tls-cert-file', files.certificateFile, '--tls-private-key-file', files.keyFile],
      ...flags,
    ],
    logFile: join(files.directory, `${name}.log`),
  });
  const { caCertificate, adminToken: token } = files;
  const probe = connectToApi({
    url: `https://127.0.0.1:${port}`,
    caCertificate,
    token,
    connections: 1,
  });
  try {
    const isReady = async () =>
      (await probe.call({ path: '/healthz', timeoutMs: 2_000 })).status === 200;
    await waitUntilReady(program, isReady, { timeoutMs: 60_000, intervalMs: 100 });
  } finally {
    probe.close();
  }
  return program;
}

/** The programs of a test cluster: their files, flags and readiness. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectToApi } from './api-connection.js';
import { createServerCertificate } from './certificates.js';
import { type Program, startProgram, waitUntilReady } from './child-process.js';
import type { Etcd } from './etcd.js';
import { freePort } from './free-port.js';
import { formatKubeconfig } from './kubeconfig.js';

export interface ClusterFiles {
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

export interface ApiServerOptions {
  readonly controllerManager?: boolean;
  readonly flags?: readonly string[];
}

export async function writeClusterFiles(
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

export async function startApiServer(
  files: ClusterFiles,
  etcd: Etcd,
  prefix: string,
  options: ApiServerOptions,
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

export async function startControllerManager(files: ClusterFiles): Promise<Program> {
  return startController(files, 'kube-controller-manager', [
    ...['--service-account-private-key-file', files.serviceAccountKeyFile],
    ...['--root-ca-file', files.caFile],
  ]);
}

export function startScheduler(files: ClusterFiles): Promise<Program> {
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

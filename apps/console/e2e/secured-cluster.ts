/**
 * A simulated cluster behind TLS, as a real one is reached: the sandbox speaks plain http, and plain http
 * is refused in a kubeconfig.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SimulatedCluster, startSimulatedCluster } from '@moorage/sandbox';
import { createServerCertificate } from '@moorage/testbed';

export interface SecuredCluster {
  readonly cluster: SimulatedCluster;
  readonly kubeconfig: string;
  /** The logins that a namespace's pull secret holds: key → user name and password; null without one. */
  loginsIn(namespace: string, secret: string): Readonly<Record<string, Login>> | null;
  stop(): Promise<void>;
}

export interface Login {
  readonly username: string;
  readonly password: string;
}

function kubeconfigOf(server: string, ca: string, token: string): string {
  return [
    'apiVersion: v1',
    'kind: Config',
    'current-context: here',
    'clusters:',
    `  - {name: here, cluster: {server: "${server}", certificate-authority-data: ${Buffer.from(ca).toString('base64')}}}`,
    'users:',
    `  - {name: me, user: {token: "${token}"}}`,
    'contexts:',
    '  - {name: here, context: {cluster: here, user: me}}',
    '',
  ].join('\n');
}

export async function startSecuredCluster(
  namespaces: readonly string[],
  token: string,
): Promise<SecuredCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'moorage-e2e-cluster-'));
  const certificate = await createServerCertificate(folder);
  const cluster = await startSimulatedCluster({ name: 'journey', token, namespaces });
  const target = new URL(cluster.url);
  const front = createServer(
    { key: readFileSync(certificate.keyFile), cert: readFileSync(certificate.certificateFile) },
    (incoming, reply) => {
      const { method, url, headers } = incoming;
      const onward = request(
        { host: target.hostname, port: target.port, path: url, method, headers },
        (answer) => {
          reply.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(reply);
        },
      );
      onward.on('error', () => reply.destroy());
      reply.on('close', () => onward.destroy());
      incoming.pipe(onward);
    },
  );
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  const { port } = front.address() as AddressInfo; // it listens on a port, not on a pipe
  return {
    cluster,
    kubeconfig: kubeconfigOf(`https://127.0.0.1:${port}`, certificate.caCertificate, token),
    loginsIn(namespace, secret) {
      const data = (cluster.get('secrets', namespace, secret) as { data?: Record<string, string> })
        ?.data?.['.dockerconfigjson'];
      if (data === undefined) return null;
      return JSON.parse(Buffer.from(data, 'base64').toString('utf8')).auths;
    },
    async stop() {
      front.closeAllConnections();
      await new Promise((resolve) => front.close(resolve));
      await cluster.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Uploaded kubeconfigs, read strictly: one context becomes one `ClusterAccess`.
 *
 * Shape: k8s.io/client-go/tools/clientcmd/api/v1 `Config`. A kubeconfig can make its reader run
 * programs (`exec`, `auth-provider`), open files (every path field) and send everything through a
 * stranger (`proxy-url`); none of that is done here, each is refused by name. Only the chosen
 * context, its cluster and its user count: an `exec` user of another context does no harm.
 *
 * Does not handle: several files merged (`KUBECONFIG` lists), basic auth (removed from Kubernetes
 * in 1.19), impersonation.
 */
import { Err, Ok, type Result } from '@moorage/core';
import type { ClusterAccess } from './cluster-access.js';
import { decideAuth } from './kubeconfig-auth.js';
import { readKubeconfigDocument } from './kubeconfig-document.js';
import { type KubeconfigError, refuse } from './kubeconfig-error.js';
import type { KubeconfigCluster, KubeconfigDocument } from './kubeconfig-schema.js';
import { decodePem, parseCertificates } from './pem.js';

export interface ParsedKubeconfig {
  readonly contexts: readonly string[];
  /** The one that `access` is of. */
  readonly context: string;
  /** Namespace of the context, a hint only. */
  readonly namespace: string | null;
  readonly access: ClusterAccess;
  /** When the token (JWT `exp`) or client certificate ends, if it says so. */
  readonly expiresAt: Date | null;
}

export interface ParseKubeconfigOptions {
  readonly context?: string;
  /** Without it, nothing is refused for being expired. */
  readonly now?: Date;
  /** The sandbox's simulated clusters speak http. */
  readonly allowHttp?: boolean;
}

/** A usable access, or one reason with a stable code. Never runs, opens or dials anything. */
export function parseKubeconfig(
  text: string,
  options: ParseKubeconfigOptions = {},
): Result<ParsedKubeconfig, KubeconfigError> {
  const document = readKubeconfigDocument(text);
  if (!document.ok) return document;
  const chosen = chooseContext(document.value, options.context);
  if (!chosen.ok) return chosen;
  const { context, cluster, user } = chosen.value;
  const server = decideServer(cluster, options.allowHttp ?? false);
  if (!server.ok) return server;
  const auth = decideAuth(user, options.now ?? null);
  if (!auth.ok) return auth;
  return Ok({
    contexts: document.value.contexts.map((entry) => entry.name),
    context: context.name,
    namespace: context.context.namespace ?? null,
    access: { ...server.value, auth: auth.value.auth },
    expiresAt: auth.value.expiresAt,
  });
}

function chooseContext(document: KubeconfigDocument, wanted: string | undefined) {
  const names = document.contexts.map((entry) => entry.name);
  const name = wanted ?? document['current-context'];
  if (name === undefined || name === '') {
    return Err(
      refuse('kubeconfig.no-current-context', contextsDetail('No context is selected.', names), {
        contexts: names,
      }),
    );
  }
  const context = only(document.contexts, name);
  if (context === null) {
    return Err(
      refuse(
        'kubeconfig.unknown-context',
        contextsDetail('There is no context of that name.', names),
        { contexts: names },
      ),
    );
  }
  const cluster = only(document.clusters, context.context.cluster);
  if (cluster === null) {
    return Err(
      refuse(
        'kubeconfig.unknown-cluster',
        'The context names a cluster that the document does not hold.',
      ),
    );
  }
  const user = only(document.users, context.context.user);
  if (user === null) {
    return Err(
      refuse(
        'kubeconfig.unknown-user',
        'The context names a user that the document does not hold.',
      ),
    );
  }
  return Ok({ context, cluster: cluster.cluster, user: user.user });
}

function only<E extends { readonly name: string }>(entries: readonly E[], name: string): E | null {
  return entries.find((entry) => entry.name === name) ?? null;
}

function contextsDetail(first: string, names: readonly string[]): string {
  return names.length === 0
    ? `${first} The document holds no contexts.`
    : `${first} Choose one of: ${names.join(', ')}.`;
}

function decideServer(
  cluster: KubeconfigCluster,
  allowHttp: boolean,
): Result<Omit<ClusterAccess, 'auth'>, KubeconfigError> {
  if (cluster['proxy-url'] !== undefined) {
    return Err(
      refuse(
        'kubeconfig.proxy-url',
        'Connections through a proxy of the kubeconfig’s choice (proxy-url) are not made. Use an address that this server reaches itself.',
      ),
    );
  }
  if (cluster['certificate-authority'] !== undefined) {
    return Err(
      refuse(
        'kubeconfig.file-path',
        'certificate-authority names a file. Put its content in as certificate-authority-data: "kubectl config view --raw --flatten --minify" does it.',
      ),
    );
  }
  const server = decideServerUrl(cluster.server ?? '', allowHttp);
  if (!server.ok) return server;
  const ca = decideCa(cluster);
  if (!ca.ok) return ca;
  return Ok({
    server: server.value,
    caCertificate: ca.value,
    tlsServerName: cluster['tls-server-name'] ?? null,
    insecureSkipVerify: cluster['insecure-skip-tls-verify'] ?? false,
  });
}

function decideServerUrl(text: string, allowHttp: boolean): Result<string, KubeconfigError> {
  if (text === '') return Err(refuse('kubeconfig.no-server', 'The cluster has no server address.'));
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    return Err(
      refuse('kubeconfig.invalid-server', 'The server address is not an https:// address.'),
    );
  }
  // User info would travel in a header, a query or fragment would swallow every path.
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    return Err(
      refuse(
        'kubeconfig.invalid-server',
        'The server address must be a plain https://host[:port][/path], without user name, query or fragment.',
      ),
    );
  }
  if (url.protocol === 'http:' && !allowHttp) {
    return Err(
      refuse(
        'kubeconfig.http-server',
        'The server address is http://: credentials would travel in the clear. Use the https:// address of the API server.',
      ),
    );
  }
  return Ok(`${url.origin}${url.pathname}`.replace(/\/+$/, ''));
}

function decideCa(cluster: KubeconfigCluster): Result<string | null, KubeconfigError> {
  const data = cluster['certificate-authority-data'];
  if (data === undefined || data === '') return Ok(null);
  // client-go refuses this pair too: the authority would never be looked at.
  if (cluster['insecure-skip-tls-verify'] === true) {
    return Err(
      refuse(
        'kubeconfig.ca-with-skip-verify',
        'certificate-authority-data and insecure-skip-tls-verify contradict each other. Remove insecure-skip-tls-verify.',
      ),
    );
  }
  const pem = decodePem(data);
  if (pem === null)
    return Err(refuse('kubeconfig.invalid-base64', 'certificate-authority-data is not base64.'));
  if (parseCertificates(pem) === null) {
    return Err(
      refuse(
        'kubeconfig.invalid-ca',
        'certificate-authority-data does not hold certificates in PEM form.',
      ),
    );
  }
  return Ok(pem);
}

/**
 * What a failed check of a cluster means for the person who set it up: a stable code, what
 * happened, and what to do about it.
 */
import { KubeError, type KubeErrorReason } from './kube-error.js';

export interface ClusterErrorDescription {
  readonly code: ClusterErrorCode;
  readonly detail: string;
  readonly fix: string;
}

export type ClusterErrorCode =
  | 'cluster.address-blocked'
  | 'cluster.dns-not-found'
  | 'cluster.connection-refused'
  | 'cluster.connection-reset'
  | 'cluster.host-unreachable'
  | 'cluster.timeout'
  | 'cluster.tls-untrusted'
  | 'cluster.tls-expired'
  | 'cluster.tls-name-mismatch'
  | 'cluster.tls-not-spoken'
  | 'cluster.tls-client-certificate-refused'
  | 'cluster.tls-failed'
  | 'cluster.unauthorized'
  | 'cluster.forbidden'
  | 'cluster.not-kubernetes'
  | 'cluster.redirected'
  | 'cluster.overloaded'
  | 'cluster.server-error'
  | 'cluster.response-too-large'
  | 'cluster.cancelled'
  | 'cluster.unknown';

const descriptions: Partial<Record<KubeErrorReason, ClusterErrorDescription>> = {
  DnsNotFound: of(
    'dns-not-found',
    'The host name of the API server has no address here.',
    'Check the spelling, and that this server uses a DNS that knows the name.',
  ),
  ConnectionRefused: of(
    'connection-refused',
    'Nothing listens at the address of the API server.',
    'Check the port, and that the cluster is running.',
  ),
  ConnectionReset: of(
    'connection-reset',
    'The connection was closed before the API server answered.',
    'Look for a proxy or firewall between this server and the cluster.',
  ),
  HostUnreachable: of(
    'host-unreachable',
    'The network does not lead to the API server.',
    'Check routes and VPN between this server and the cluster.',
  ),
  Timeout: of(
    'timeout',
    'The API server did not answer in time.',
    'Check that a firewall lets this server through, and that the cluster is healthy.',
  ),
  TlsUntrusted: of(
    'tls-untrusted',
    'The certificate of the API server is not signed by the given authority.',
    'Put the cluster’s own CA certificate into the access (certificate-authority-data). If it was renewed, take the new one.',
  ),
  TlsExpired: of(
    'tls-expired',
    'The certificate of the API server is not valid at this time.',
    'Renew the certificate of the API server, or correct the clock here or there.',
  ),
  TlsNameMismatch: of(
    'tls-name-mismatch',
    'The certificate of the API server was issued for another name.',
    'Use an address that the certificate names, or set tls-server-name to one of its names.',
  ),
  TlsNotSpoken: of(
    'tls-not-spoken',
    'What listens there does not speak TLS.',
    'Check the port: the API server’s secure port is usually 6443 or 443.',
  ),
  TlsClientCertificateRefused: of(
    'tls-client-certificate-refused',
    'The API server refused the client certificate.',
    'Use a client certificate that this cluster’s authority has signed, or a service account’s token.',
  ),
  TlsFailed: of(
    'tls-failed',
    'The TLS handshake with the API server failed.',
    'Check that the address is that of the API server, and that it speaks TLS 1.2 or newer.',
  ),
  Unauthorized: of(
    'unauthorized',
    'The API server does not accept the token or certificate: it has expired, was revoked, or belongs to another cluster.',
    'Make a new token and replace the access.',
  ),
  Forbidden: of(
    'forbidden',
    'The account is known but lacks permissions.',
    'Apply the RBAC manifest that is shown under the permissions of the cluster.',
  ),
  NotFound: of(
    'not-kubernetes',
    'The server answered, but has no Kubernetes API at this address.',
    'Check the path in the server address; behind Rancher it ends in /k8s/clusters/<id>.',
  ),
  NotKubernetes: of(
    'not-kubernetes',
    'The server answered, but not as a Kubernetes API.',
    'Check that the address is that of the API server, not of a dashboard or login page.',
  ),
  MalformedResponse: of(
    'not-kubernetes',
    'The server’s answer cannot be read as a Kubernetes reply.',
    'Check that the address is that of the API server.',
  ),
  Redirected: of(
    'redirected',
    'The server redirects to another address, which is never followed with credentials.',
    'Use the final address of the API server.',
  ),
  TooManyRequests: of(
    'overloaded',
    'The API server refuses requests because it has too many.',
    'Wait; synchronisation goes on by itself. Look at the cluster’s load if it stays.',
  ),
  ServiceUnavailable: of(
    'server-error',
    'The API server, or a proxy before it, is not available.',
    'Check the health of the cluster’s control plane.',
  ),
  ServerTimeout: of(
    'server-error',
    'The API server gave up on the request.',
    'Check the health of the cluster’s control plane and of its etcd.',
  ),
  InternalError: of(
    'server-error',
    'The API server reports an error of its own.',
    'Check the health of the cluster’s control plane.',
  ),
  ResponseTooLarge: of(
    'response-too-large',
    'The server sent a reply larger than allowed.',
    'Check that the address is that of the API server.',
  ),
  Aborted: of('cancelled', 'The check was cancelled.', 'Start it again.'),
  Closed: of(
    'cancelled',
    'The access to the cluster was replaced or removed meanwhile.',
    'Start the check again.',
  ),
};

/** Never holds a secret; unknown errors are described as such, without their text. */
export function describeClusterError(error: unknown): ClusterErrorDescription {
  if (!(error instanceof KubeError)) return unknownCause;
  if (error.reason === 'AddressBlocked') {
    // The message of a refused dial names host, address, reason and the variable.
    const detail = error.message.replace(/^\w+ \S+: /, '');
    return of(
      'address-blocked',
      detail,
      'Use another address of the API server, or allow its network in MOORAGE_ALLOWED_NETWORKS.',
    );
  }
  return descriptions[error.reason] ?? unknownCause;
}

const unknownCause = of(
  'unknown',
  'The check failed for a reason that is not known.',
  'Look at the log of this server for the time of the check.',
);

type Cause = ClusterErrorCode extends infer Code
  ? Code extends `cluster.${infer Rest}`
    ? Rest
    : never
  : never;

function of(cause: Cause, detail: string, fix: string): ClusterErrorDescription {
  return { code: `cluster.${cause}` as const, detail, fix };
}

import type { SecretText } from '@moorage/core';

/** How requests prove who they are. Nothing else is accepted from a kubeconfig. */
export type ClusterAuth =
  | { readonly kind: 'token'; readonly token: SecretText }
  | { readonly kind: 'client-certificate'; readonly certificate: string; readonly key: SecretText }
  | { readonly kind: 'none' };

/** Everything that a connection to one cluster needs, and nothing that could run or read a file. */
export interface ClusterAccess {
  /** `https://host[:port][/base-path]`, without a closing slash. `http:` only for the sandbox. */
  readonly server: string;
  /** PEM, or null for the system's authorities. */
  readonly caCertificate: string | null;
  /** Name that the server's certificate must carry in place of the host in `server`. */
  readonly tlsServerName: string | null;
  readonly insecureSkipVerify: boolean;
  readonly auth: ClusterAuth;
}

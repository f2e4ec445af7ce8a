import type { Result } from '@moorage/core';
import type { ClusterAccess } from './cluster-access.js';

export type KubeconfigErrorCode =
  | 'kubeconfig.empty'
  | 'kubeconfig.too-large'
  | 'kubeconfig.not-a-kubeconfig'
  | 'kubeconfig.html'
  | 'kubeconfig.invalid-yaml'
  | 'kubeconfig.invalid'
  | 'kubeconfig.no-current-context'
  | 'kubeconfig.unknown-context'
  | 'kubeconfig.unknown-cluster'
  | 'kubeconfig.unknown-user'
  | 'kubeconfig.duplicate-name'
  | 'kubeconfig.no-server'
  | 'kubeconfig.invalid-server'
  | 'kubeconfig.http-server'
  | 'kubeconfig.exec'
  | 'kubeconfig.auth-provider'
  | 'kubeconfig.file-path'
  | 'kubeconfig.proxy-url'
  | 'kubeconfig.impersonation'
  | 'kubeconfig.basic-auth'
  | 'kubeconfig.no-credentials'
  | 'kubeconfig.ambiguous-credentials'
  | 'kubeconfig.invalid-token'
  | 'kubeconfig.token-expired'
  | 'kubeconfig.invalid-base64'
  | 'kubeconfig.invalid-ca'
  | 'kubeconfig.ca-with-skip-verify'
  | 'kubeconfig.invalid-client-certificate'
  | 'kubeconfig.client-certificate-expired'
  | 'kubeconfig.client-certificate-not-yet-valid'
  | 'kubeconfig.invalid-client-key'
  | 'kubeconfig.client-key-mismatch';

export interface KubeconfigError {
  readonly code: KubeconfigErrorCode;
  /** One or two sentences for the user; never holds a secret of the document. */
  readonly detail: string;
  /** JSON pointer into the document where that helps. */
  readonly pointer?: string;
  /** Contexts to choose from, where choosing one is the fix. */
  readonly contexts?: readonly string[];
  /** Commands that make what we can accept. */
  readonly snippet?: string;
}

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
  readonly now?: Date;
  /** The sandbox's simulated clusters speak http. */
  readonly allowHttp?: boolean;
}

export declare function parseKubeconfig(
  text: string,
  options?: ParseKubeconfigOptions,
): Result<ParsedKubeconfig, KubeconfigError>;

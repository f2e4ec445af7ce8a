export type KubeconfigErrorCode =
  | 'kubeconfig.empty'
  | 'kubeconfig.too-large'
  | 'kubeconfig.html'
  | 'kubeconfig.invalid-yaml'
  | 'kubeconfig.not-a-kubeconfig'
  | 'kubeconfig.invalid'
  | 'kubeconfig.duplicate-name'
  | 'kubeconfig.no-current-context'
  | 'kubeconfig.unknown-context'
  | 'kubeconfig.unknown-cluster'
  | 'kubeconfig.unknown-user'
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
  /** Commands that make what can be accepted. */
  readonly snippet?: string;
}

export function refuse(
  code: KubeconfigErrorCode,
  detail: string,
  more: Pick<KubeconfigError, 'pointer' | 'contexts' | 'snippet'> = {},
): KubeconfigError {
  return { code, detail, ...more };
}

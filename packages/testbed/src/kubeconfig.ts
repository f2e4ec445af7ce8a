/** Kubeconfig documents for a test cluster, written as JSON (which is YAML). */
export interface KubeconfigOptions {
  readonly cluster: string;
  readonly url: string;
  readonly caCertificate: string;
  readonly user: string;
  readonly token: string;
}

export function formatKubeconfig(options: KubeconfigOptions): string {
  const { cluster, user } = options;
  const certificateAuthority = Buffer.from(options.caCertificate).toString('base64');
  const document = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: cluster,
        cluster: { server: options.url, 'certificate-authority-data': certificateAuthority },
      },
    ],
    users: [{ name: user, user: { token: options.token } }],
    contexts: [{ name: cluster, context: { cluster, user } }],
    'current-context': cluster,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

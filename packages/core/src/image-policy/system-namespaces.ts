/** Namespaces that Kubernetes' control plane, and Moorage, live in. */
export const systemNamespaces: ReadonlySet<string> = new Set([
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'moorage-system',
]);

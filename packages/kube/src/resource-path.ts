/**
 * Paths of the resources that Moorage touches. Names are encoded, so that no object name can
 * leave its place in the path (`..`, `/`, `?`); the API's own name grammar is checked by the
 * server. Shapes: kubernetes.io/docs/reference/using-api/api-concepts.
 */
const segment = (name: string): string => {
  // `.` and `..` survive percent-encoding and would be resolved by a URL parser on the way.
  if (name === '' || name === '.' || name === '..') {
    throw new RangeError('an object name must not be empty, "." or ".."');
  }
  return encodeURIComponent(name);
};

const core = (resource: string, namespace?: string, name?: string): string =>
  resourceUnder('/api/v1', resource, namespace, name);

function resourceUnder(group: string, resource: string, namespace?: string, name?: string): string {
  const scope = namespace === undefined ? '' : `/namespaces/${segment(namespace)}`;
  return `${group}${scope}/${resource}${name === undefined ? '' : `/${segment(name)}`}`;
}

export const resourcePath = {
  version: (): string => '/version',
  /** What a group serves in one version: `apiVersion('apps/v1')`. */
  apiVersion: (groupVersion: string): string =>
    `/apis/${groupVersion.split('/').map(segment).join('/')}`,
  metrics: (): string => '/metrics',
  namespaces: (): string => core('namespaces'),
  namespace: (name: string): string => core('namespaces', undefined, name),
  /** Without a namespace: over all of them (list and watch only). */
  secrets: (namespace?: string): string => core('secrets', namespace),
  secret: (namespace: string, name: string): string => core('secrets', namespace, name),
  serviceAccounts: (namespace?: string): string => core('serviceaccounts', namespace),
  serviceAccount: (namespace: string, name: string): string =>
    core('serviceaccounts', namespace, name),
  configMaps: (namespace?: string): string => core('configmaps', namespace),
  configMap: (namespace: string, name: string): string => core('configmaps', namespace, name),
  pods: (namespace?: string): string => core('pods', namespace),
  pod: (namespace: string, name: string): string => core('pods', namespace, name),
  nodes: (): string => core('nodes'),
  events: (namespace?: string): string => core('events', namespace),
  selfSubjectRulesReviews: (): string => '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
  selfSubjectAccessReviews: (): string => '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
  selfSubjectReviews: (): string => '/apis/authentication.k8s.io/v1/selfsubjectreviews',
  /** Any other resource: `of('apps/v1', 'deployments', 'team-a', 'web')`. */
  of: (groupVersion: string, resource: string, namespace?: string, name?: string): string => {
    const group = groupVersion.split('/').map(segment).join('/');
    return resourceUnder(
      groupVersion === 'v1' ? '/api/v1' : `/apis/${group}`,
      segment(resource),
      namespace,
      name,
    );
  },
} as const;

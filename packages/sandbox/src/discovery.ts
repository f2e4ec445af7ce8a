/** `/version`, `/api`, `/apis` and the resource lists: what the server says of itself. */
import { type ApiResource, apiResources, groupVersionOf } from './api-resources.js';

/** `+simulated` so that nobody takes a figure or a behaviour of this server for a real cluster's. */
export const simulatedVersion = {
  major: '1',
  minor: '36',
  emulationMajor: '1',
  emulationMinor: '36',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '35',
  gitVersion: 'v1.36.3+simulated',
  gitCommit: 'simulated',
  gitTreeState: '',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: 'simulated',
  compiler: 'simulated',
  platform: 'simulated',
} as const;

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** Resources without objects: posting one is a question. */
const reviews = [
  { group: 'authentication.k8s.io', name: 'selfsubjectreviews', kind: 'SelfSubjectReview' },
  {
    group: 'authorization.k8s.io',
    name: 'selfsubjectaccessreviews',
    kind: 'SelfSubjectAccessReview',
  },
  {
    group: 'authorization.k8s.io',
    name: 'selfsubjectrulesreviews',
    kind: 'SelfSubjectRulesReview',
  },
] as const;

/** The document at a discovery path, or undefined when the path is none. */
export function discoveryDocument(path: string, serverAddress: string): unknown {
  if (path === '/version' || path === '/version/') return simulatedVersion;
  if (path === '/api' || path === '/api/') {
    const serverAddressByClientCIDRs = [{ clientCIDR: '0.0.0.0/0', serverAddress }];
    return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs };
  }
  const groups = [
    ...new Set([...apiResources.map(({ group }) => group), ...reviews.map(({ group }) => group)]),
  ]
    .filter((group) => group !== '')
    .map(groupDocument);
  if (path === '/apis' || path === '/apis/')
    return { kind: 'APIGroupList', apiVersion: 'v1', groups };
  const [, root, group = '', version] = path.split('/');
  if (path === '/api/v1') return resourceList('', 'v1');
  if (root !== 'apis' || !groups.some(({ name }) => name === group)) return undefined;
  if (version === undefined) return { kind: 'APIGroup', apiVersion: 'v1', ...groupDocument(group) };
  return version === 'v1' && path.split('/').length === 4
    ? resourceList(group, version)
    : undefined;
}

function groupDocument(name: string) {
  const version = { groupVersion: `${name}/v1`, version: 'v1' };
  return { name, versions: [version], preferredVersion: version };
}

function resourceList(group: string, version: string): unknown {
  const stored = apiResources.filter((resource) => resource.group === group).map(entryOf);
  const asked = reviews
    .filter((review) => review.group === group)
    .map(({ name, kind }) => ({
      name,
      singularName: kind.toLowerCase(),
      namespaced: false,
      kind,
      verbs: ['create'],
    }));
  const kind = 'APIResourceList';
  const apiVersion = group === '' ? {} : { apiVersion: 'v1' };
  return {
    kind,
    ...apiVersion,
    groupVersion: groupVersionOf({ group, version }),
    resources: [...stored, ...asked],
  };
}

function entryOf(resource: ApiResource): unknown {
  const { plural: name, singular: singularName, namespaced, kind } = resource;
  return { name, singularName, namespaced, kind, verbs };
}

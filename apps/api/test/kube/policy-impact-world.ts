/** A cluster full of workloads whose images a policy has an opinion about, the same each time. */
import type { ApiReply } from '@moorage/testbed';
import type { Real } from './policy-stage.js';

const digest = `sha256:${'a1'.repeat(32)}`;
/** Valid ones, look-alikes, and what no grammar takes but a template may hold. */
export const imageNames: readonly string[] = [
  ...['nginx', 'nginx:1.29', 'library/nginx', 'docker.io/nginx', 'docker.io/library/redis:8'],
  ...['index.docker.io/library/redis', 'registry-1.docker.io/library/redis', 'team/app', 'a/b/c'],
  ...[
    'registry.hub.docker.com/library/x',
    'docker.io.evil.com/library/x',
    'docker.io:443/library/x',
  ],
  ...['ghcr.io/org/app', 'ghcr.io/org/app:1@'.concat(digest), `ghcr.io/org/app@${digest}`],
  ...['ghcr.io/organic/app', 'ghcr.io/org', 'ghcr.io.evil.com/org/app', 'GHCR.io/org/app'],
  ...['ghcr.io:443/org/app', 'ghcr.io/Org/app', 'quay.io/x', 'quay.io/prometheus/prometheus:v3'],
  ...['reg.corp:5000/proxy/x', 'reg.corp:5000/proxy/library/x', 'reg.corp:5000/proxyx/x'],
  ...['reg.corp/proxy/x', 'localhost/x', 'localhost:5000/x', 'foo:5000/x', 'foo:5000'],
  ...['mcr.microsoft.com/dotnet/aspnet:10.0', 'registry.k8s.io/pause:3.10', 'public.ecr.aws/a/b'],
  ...['a1'.repeat(32), 'nginx@sha256:ab', 'UPPER', 'nginx:', '/nginx', 'nginx//x', 'ünïcode/x'],
];

interface Kind {
  readonly kind: string;
  readonly path: string;
  readonly object: (spec: object) => object;
}

const labels = { app: 'a' };
const selected = (spec: object) => ({
  replicas: 1,
  selector: { matchLabels: labels },
  template: { metadata: { labels }, spec },
});
const once = (spec: object) => ({ template: { spec: { ...spec, restartPolicy: 'Never' } } });

export const kinds: readonly Kind[] = [
  { kind: 'Deployment', path: 'apis/apps/v1 deployments', object: (s) => ({ spec: selected(s) }) },
  {
    kind: 'StatefulSet',
    path: 'apis/apps/v1 statefulsets',
    object: (s) => ({ spec: { ...selected(s), serviceName: 's' } }),
  },
  { kind: 'ReplicaSet', path: 'apis/apps/v1 replicasets', object: (s) => ({ spec: selected(s) }) },
  {
    kind: 'DaemonSet',
    path: 'apis/apps/v1 daemonsets',
    object: (s) => ({ spec: { ...selected(s), replicas: undefined } }),
  },
  {
    kind: 'ReplicationController',
    path: 'api/v1 replicationcontrollers',
    object: (s) => ({ spec: { ...selected(s), selector: labels } }),
  },
  {
    kind: 'PodTemplate',
    path: 'api/v1 podtemplates',
    object: (s) => ({ template: { metadata: { labels }, spec: s } }),
  },
  { kind: 'Job', path: 'apis/batch/v1 jobs', object: (s) => ({ spec: once(s) }) },
  {
    kind: 'CronJob',
    path: 'apis/batch/v1 cronjobs',
    object: (s) => ({ spec: { schedule: '0 0 1 1 *', jobTemplate: { spec: once(s) } } }),
  },
  { kind: 'Pod', path: 'api/v1 pods', object: (s) => ({ spec: s }) },
];

/** Something that runs, as it was created. */
export interface Running {
  readonly kind: Kind;
  readonly namespace: string;
  readonly name: string;
  readonly images: readonly string[];
  readonly body: object;
}

/** Every kind in every namespace in turn; two containers, an init container, now and then a volume. */
export function composeWorkloads(count: number, namespaces: readonly string[]): Running[] {
  return Array.from({ length: count }, (_, nth) => {
    const kind = at(kinds, nth);
    // 7 and 11 have no divisor with the number of names, so that every pair comes up.
    const images = [0, 7, 11].map((step) => at(imageNames, nth * 3 + step));
    const name = `w${nth}`;
    const volume = nth % 5 === 0 ? at(imageNames, nth + 2) : null;
    const spec = podSpec(images, volume);
    const body = { metadata: { name, labels }, ...kind.object(spec) };
    const all = volume === null ? images : [...images, volume];
    return { kind, namespace: at(namespaces, nth), name, images: all, body };
  });
}

function podSpec([first, second, third]: readonly string[], volume: string | null): object {
  return {
    containers: [
      { name: 'a', image: first },
      { name: 'b', image: second },
    ],
    initContainers: [{ name: 'c', image: third }],
    ...(volume === null ? {} : { volumes: [{ name: 'v', image: { reference: volume } }] }),
  };
}

export function create(
  { kubernetes }: Real,
  { kind, namespace, body }: Pick<Running, 'kind' | 'namespace' | 'body'>,
  query = '',
): Promise<ApiReply> {
  const [group = '', plural = ''] = kind.path.split(' ');
  const path = `/${group}/namespaces/${namespace}/${plural}${query}`;
  return kubernetes.call({ method: 'POST', path, body });
}

/** The same once more, under another name, without storing it. */
export function recreate(real: Real, running: Running): Promise<ApiReply> {
  const metadata = { name: `${running.name}-again`, labels };
  return create(real, { ...running, body: { ...running.body, metadata } }, '?dryRun=All');
}

/** Eight at a time. */
export async function each<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const rest = items.entries();
  const worker = async () => {
    for (const [index, item] of rest) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return results;
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index % items.length];
  if (item === undefined) throw new Error('nothing to choose from');
  return item;
}

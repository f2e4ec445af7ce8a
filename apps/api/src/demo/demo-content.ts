/** What the demo shows. Nothing of it is real: clusters, registry and logins are simulated and say so. */
export const DEMO_ENVIRONMENT = {
  name: 'demo',
  displayName: 'Demo',
  description:
    'A built-in sandbox: simulated clusters and registry. Remove it with one click; nothing else is touched.',
};

export const DEMO_CLUSTERS = [
  {
    name: 'sandbox-east',
    namespaces: [
      'shop',
      'shop-staging',
      'payments',
      'payments-staging',
      'search',
      'mail',
      'analytics',
      'monitoring',
      'team-a',
      'team-b',
      'team-c',
    ],
  },
  { name: 'sandbox-edge', namespaces: ['kiosk', 'kiosk-canary', 'cameras', 'updates'] },
] as const;

/** The cluster whose nodes take their config from the demo; one of them has no agent yet. */
export const DEMO_NODES = {
  cluster: 'sandbox-edge',
  nodes: [
    { name: 'edge-1', version: 'v1.34.1+k3s1', hasAgent: true },
    { name: 'edge-2', version: 'v1.34.1+k3s1', hasAgent: true },
    { name: 'edge-3', version: 'v1.33.5+k3s1', hasAgent: false },
  ],
} as const;

/**
 * What seems to run there, so that a policy has something to judge: images of the demo's registries,
 * of public ones, and names without a registry. No image is pulled.
 */
export const DEMO_WORKLOADS = [
  runs('sandbox-east', 'shop', 'Deployment web', 'harbor.moorage.example/shop/web:2.3 nginx:1.29'),
  runs('sandbox-east', 'shop-staging', 'Deployment web', 'harbor.moorage.example/shop/web:2.4-rc1'),
  runs('sandbox-east', 'payments', 'StatefulSet ledger', 'docker.io/library/postgres:18'),
  runs('sandbox-east', 'search', 'Deployment index', 'quay.io/opensearch/opensearch:3'),
  runs('sandbox-east', 'mail', 'StatefulSet queue', 'redis:8'),
  runs(
    'sandbox-east',
    'monitoring',
    'DaemonSet node-exporter',
    'quay.io/prometheus/node-exporter:v1.10.2',
  ),
  runs('sandbox-east', 'team-a', 'Deployment api', 'ghcr.moorage.example/team-a/api:1.0'),
  runs('sandbox-edge', 'kiosk', 'Deployment screen', 'harbor.moorage.example/edge/screen:5'),
  runs('sandbox-edge', 'cameras', 'DaemonSet recorder', 'public.ecr.aws/acme/recorder:7'),
];

function runs(cluster: string, namespace: string, workload: string, images: string) {
  const [kind = '', name = ''] = workload.split(' ');
  const labels = { app: name, 'dev.moorage.simulated': 'true' };
  const containers = images.split(' ').map((image, nth) => ({ name: `container-${nth}`, image }));
  const template = { metadata: { labels }, spec: { containers } };
  const spec = { replicas: 1, selector: { matchLabels: { app: name } }, template };
  return { cluster, object: { kind, metadata: { namespace, name, labels }, spec } };
}

const DAY_MS = 24 * 3600_000;

/** Logins of the demo, beside the simulated registry. `.example` never resolves (RFC 2606). */
export function demoRegistries(now: number) {
  const inDays = (days: number) => new Date(now + days * DAY_MS).toISOString();
  return [
    {
      address: 'harbor.moorage.example',
      description: 'Simulated Harbor project',
      username: 'robot$demo',
      scope: '',
      expiresAt: inDays(90),
    },
    {
      address: 'ghcr.moorage.example',
      description: 'Simulated token that expires soon',
      username: 'demo-bot',
      scope: 'team-a',
      expiresAt: inDays(3),
    },
  ];
}

export const SANDBOX_REGISTRY_USER = 'demo';

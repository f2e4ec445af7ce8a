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

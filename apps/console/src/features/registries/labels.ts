import type { Credential, Registry } from '@moorage/contract';
import type { Tone } from '../../components/status-badge';

export type Provider = Registry['provider'];

interface ProviderLabel {
  /** what the vendor calls it; not translated */
  readonly name: string;
  readonly mark: string;
  /** behind the mark, dark enough for white letters */
  readonly color: string;
}

export const PROVIDER_LABELS: Readonly<Record<Provider, ProviderLabel>> = {
  dockerhub: { name: 'Docker Hub', mark: 'D', color: '#1d63ed' },
  quay: { name: 'Quay', mark: 'Q', color: '#c02b2b' },
  'aws-ecr': { name: 'Amazon ECR', mark: 'E', color: '#a85a0a' },
  'aws-ecr-public': { name: 'Amazon ECR Public', mark: 'EP', color: '#a85a0a' },
  gcr: { name: 'Google Container Registry', mark: 'G', color: '#3367d6' },
  'artifact-registry': { name: 'Google Artifact Registry', mark: 'AR', color: '#3367d6' },
  acr: { name: 'Azure Container Registry', mark: 'A', color: '#0062ad' },
  ghcr: { name: 'GitHub packages', mark: 'GH', color: '#24292f' },
  gitlab: { name: 'GitLab', mark: 'GL', color: '#b3470f' },
  harbor: { name: 'Harbor', mark: 'H', color: '#2f6e4f' },
  jfrog: { name: 'JFrog Artifactory', mark: 'J', color: '#2b7a2b' },
  nexus: { name: 'Sonatype Nexus', mark: 'N', color: '#1b5e4b' },
  'alibaba-acr': { name: 'Alibaba Cloud ACR', mark: 'AL', color: '#b84a00' },
  'tencent-tcr': { name: 'Tencent Cloud TCR', mark: 'TC', color: '#0052a8' },
  'huawei-swr': { name: 'Huawei Cloud SWR', mark: 'HW', color: '#b3122e' },
  generic: { name: 'Generic', mark: 'R', color: '#5d6976' },
};

export interface StatusLabel {
  readonly tone: Tone;
  /** key in `registries.status` */
  readonly key:
    | 'disabled'
    | 'expired'
    | 'failed'
    | 'expiring'
    | 'noCredential'
    | 'noTarget'
    | 'arriving'
    | 'inSync';
  readonly count: number;
}

const EXPIRING_WITHIN_MS = 7 * 24 * 3_600_000;

function earliestExpiry({ effectiveCredentials }: Registry): number {
  const times = effectiveCredentials.map(({ expiresAt }) =>
    expiresAt ? Date.parse(expiresAt) : Infinity,
  );
  return Math.min(Infinity, ...times);
}

/** The worst thing about a registry, for a list that is read from its colours. */
export function statusOf(registry: Registry, now: number): StatusLabel {
  const { reach } = registry;
  const expiry = earliestExpiry(registry);
  if (registry.state === 'disabled') return { tone: 'off', key: 'disabled', count: 0 };
  if (expiry <= now) return { tone: 'bad', key: 'expired', count: 0 };
  if (reach.failed > 0) return { tone: 'bad', key: 'failed', count: reach.failed };
  if (expiry <= now + EXPIRING_WITHIN_MS) return { tone: 'warn', key: 'expiring', count: 0 };
  if (registry.effectiveCredentials.length === 0)
    return { tone: 'warn', key: 'noCredential', count: 0 };
  if (reach.namespaces === 0) return { tone: 'mute', key: 'noTarget', count: 0 };
  const missing = reach.namespaces - reach.inSync;
  if (missing > 0) return { tone: 'wait', key: 'arriving', count: missing };
  return { tone: 'ok', key: 'inSync', count: reach.inSync };
}

/** Key in `registries.role` and its colour, for a credential's place in the stack. */
export const ROLE_TONES: Readonly<Record<Credential['role'], Tone>> = {
  effective: 'ok',
  next: 'mute',
  older: 'mute',
  disabled: 'off',
  'registry-disabled': 'off',
};

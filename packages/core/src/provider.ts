/**
 * The kinds of registry, and which of them an address gives away.
 *
 * Only names that the vendor alone can own are recognised, by patterns anchored at both ends:
 * a look-alike such as `quay.io.example` must not be handed a vendor's token. Software that anyone
 * hosts (Harbor, Nexus, own GitLab) cannot be told from its address and stays `generic`.
 *
 * Sources: Amazon ECR endpoints (the pattern of cloud-provider-aws `ecr-credential-provider`);
 * vendors' documentation of their registry host names.
 */
export const providers = [
  'dockerhub',
  'quay',
  'aws-ecr',
  'aws-ecr-public',
  'gcr',
  'artifact-registry',
  'acr',
  'ghcr',
  'gitlab',
  'harbor',
  'jfrog',
  'nexus',
  'alibaba-acr',
  'tencent-tcr',
  'huawei-swr',
  'generic',
] as const;

export type Provider = (typeof providers)[number];

export function isProvider(text: string): text is Provider {
  return providers.some((provider) => provider === text);
}

const label = '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?';

function anchored(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`);
}

// Commercial, China, dual-stack, European sovereign and the isolated partitions.
const ecrSuffix = [
  'amazonaws\\.com(?:\\.cn)?',
  'amazonaws\\.eu',
  'on\\.aws',
  'on\\.amazonwebservices\\.com\\.cn',
  'sc2s\\.sgov\\.gov',
  'c2s\\.ic\\.gov',
  'cloud\\.adc-e\\.uk',
  'csp\\.hci\\.ic\\.gov',
].join('|');
const ecrPattern = anchored(
  `(?<account>[0-9]{12})\\.dkr[.-]ecr(?<fips>-fips)?\\.(?<region>${label})\\.(?:${ecrSuffix})`,
);

const patterns: readonly (readonly [Provider, RegExp])[] = [
  ['dockerhub', anchored('docker\\.io')],
  ['quay', anchored('quay\\.io')],
  ['aws-ecr', ecrPattern],
  ['aws-ecr-public', anchored('public\\.ecr\\.aws|ecr-public\\.aws\\.com')],
  ['gcr', anchored(`(?:${label}\\.)?gcr\\.io`)],
  ['artifact-registry', anchored(`${label}\\.pkg\\.dev`)],
  // Registries, and their geo and regional endpoints (`name.region.geo.azurecr.io`).
  ['acr', anchored(`(?:${label}\\.)+azurecr\\.(?:io|cn|us)`)],
  ['ghcr', anchored('ghcr\\.io')],
  ['gitlab', anchored('registry\\.gitlab\\.com')],
  ['jfrog', anchored(`${label}\\.jfrog\\.io`)],
  // Personal edition by region and network, then Enterprise and new personal instances.
  ['alibaba-acr', anchored(`registry(?:-vpc|-internal)?\\.${label}\\.aliyuncs\\.com`)],
  ['alibaba-acr', anchored(`(?:${label}\\.)+cr\\.aliyuncs\\.com`)],
  ['tencent-tcr', anchored(`${label}\\.tencentcloudcr\\.com|[a-z]*ccr\\.ccs\\.tencentyun\\.com`)],
  ['huawei-swr', anchored(`swr\\.${label}\\.myhuaweicloud\\.(?:com|eu)`)],
];

/** The provider that owns a canonical address; `generic` when that is not certain. */
export function recogniseProvider(address: string): Provider {
  // The default https port written out still is the vendor's host; another port is not its API.
  const host = address.replace(/:443$/, '');
  return patterns.find(([, pattern]) => pattern.test(host))?.[0] ?? 'generic';
}

export interface EcrAddress {
  readonly accountId: string;
  readonly region: string;
  readonly fips: boolean;
}

/** Account and region that a private ECR address names; null for every other address. */
export function parseEcrAddress(address: string): EcrAddress | null {
  const groups = ecrPattern.exec(address.replace(/:443$/, ''))?.groups;
  const { account, region, fips } = groups ?? {};
  if (account === undefined || region === undefined) return null;
  return { accountId: account, region, fips: fips !== undefined };
}

/**
 * What has to be asked for each provider: the parts of its address that differ between customers, how its
 * user name and its secret are called, and whether it uses a fixed user name.
 */
import type { Provider } from '../labels';

export interface AddressPart {
  readonly id: string;
  /** key in `registries.form` */
  readonly label: 'account' | 'region' | 'location' | 'registryName' | 'host';
  readonly placeholder: string;
}

export type AddressForm =
  | { readonly kind: 'fixed'; readonly address: string }
  | { readonly kind: 'choice'; readonly addresses: readonly string[] }
  | {
      readonly kind: 'parts';
      readonly parts: readonly AddressPart[];
      readonly build: (values: Readonly<Record<string, string>>) => string;
    }
  | { readonly kind: 'free'; readonly placeholder: string };

export interface ProviderForm {
  readonly address: AddressForm;
  /** the only user name that this provider takes with this kind of secret */
  readonly fixedUsername?: string;
  readonly usernamePlaceholder?: string;
  /** key in `registries.form` of what the vendor calls the secret */
  readonly secret:
    | 'password'
    | 'accessToken'
    | 'robotToken'
    | 'deployToken'
    | 'ecrToken'
    | 'jsonKey';
  /** key in `registries.providerHint`, where there is something to know */
  readonly hint?: string;
  /** ECR's authorization token lives 12 hours */
  readonly lifetimeHours?: number;
}

const ECR_TOKEN = { fixedUsername: 'AWS', secret: 'ecrToken', lifetimeHours: 12 } as const;
const GOOGLE_KEY = { fixedUsername: '_json_key', secret: 'jsonKey' } as const;
const free = (placeholder: string): AddressForm => ({ kind: 'free', placeholder });

const awsDomain = (region: string) =>
  region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';

export const PROVIDER_FORMS: Readonly<Record<Provider, ProviderForm>> = {
  dockerhub: {
    address: { kind: 'fixed', address: 'docker.io' },
    secret: 'accessToken',
    hint: 'dockerhub',
  },
  quay: {
    address: free('quay.io'),
    usernamePlaceholder: 'acme+deploy',
    secret: 'robotToken',
    hint: 'quay',
  },
  'aws-ecr': {
    address: {
      kind: 'parts',
      parts: [
        { id: 'account', label: 'account', placeholder: '123456789012' },
        { id: 'region', label: 'region', placeholder: 'eu-west-1' },
      ],
      build: ({ account = '', region = '' }) =>
        `${account.trim()}.dkr.ecr.${region.trim()}.${awsDomain(region.trim())}`,
    },
    ...ECR_TOKEN,
    hint: 'ecr',
  },
  'aws-ecr-public': {
    address: { kind: 'fixed', address: 'public.ecr.aws' },
    ...ECR_TOKEN,
    hint: 'ecrPublic',
  },
  gcr: {
    address: { kind: 'choice', addresses: ['gcr.io', 'us.gcr.io', 'eu.gcr.io', 'asia.gcr.io'] },
    ...GOOGLE_KEY,
    hint: 'google',
  },
  'artifact-registry': {
    address: {
      kind: 'parts',
      parts: [{ id: 'location', label: 'location', placeholder: 'europe-west1' }],
      build: ({ location = '' }) => `${location.trim()}-docker.pkg.dev`,
    },
    ...GOOGLE_KEY,
    hint: 'google',
  },
  acr: {
    address: {
      kind: 'parts',
      parts: [{ id: 'name', label: 'registryName', placeholder: 'acme' }],
      build: ({ name = '' }) => `${name.trim().toLowerCase()}.azurecr.io`,
    },
    usernamePlaceholder: '00000000-0000-0000-0000-000000000000',
    secret: 'password',
    hint: 'acr',
  },
  ghcr: { address: { kind: 'fixed', address: 'ghcr.io' }, secret: 'accessToken', hint: 'ghcr' },
  gitlab: {
    address: free('registry.gitlab.com'),
    usernamePlaceholder: 'gitlab+deploy-token-1',
    secret: 'deployToken',
    hint: 'gitlab',
  },
  harbor: {
    address: free('harbor.example.com'),
    usernamePlaceholder: 'robot$project+pull',
    secret: 'robotToken',
    hint: 'harbor',
  },
  jfrog: { address: free('acme.jfrog.io'), secret: 'accessToken' },
  nexus: { address: free('nexus.example.com:5000'), secret: 'password', hint: 'nexus' },
  'alibaba-acr': {
    address: free('registry.cn-hangzhou.aliyuncs.com'),
    secret: 'password',
    hint: 'alibaba',
  },
  'tencent-tcr': { address: free('acme.tencentcloudcr.com'), secret: 'password' },
  'huawei-swr': {
    address: free('swr.cn-north-4.myhuaweicloud.com'),
    usernamePlaceholder: 'cn-north-4@AK',
    secret: 'password',
  },
  generic: { address: free('registry.example.com:5000'), secret: 'password' },
};

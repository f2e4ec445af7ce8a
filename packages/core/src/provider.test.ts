import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isProvider,
  type Provider,
  parseEcrAddress,
  providers,
  recogniseProvider,
} from './provider.js';

const account = '123456789012';

const vendorAddresses: readonly (readonly [string, Provider])[] = [
  ['docker.io', 'dockerhub'],
  ['quay.io', 'quay'],
  ['quay.io:443', 'quay'],
  [`${account}.dkr.ecr.eu-central-1.amazonaws.com`, 'aws-ecr'],
  [`${account}.dkr.ecr.cn-north-1.amazonaws.com.cn`, 'aws-ecr'],
  [`${account}.dkr.ecr-fips.us-gov-west-1.amazonaws.com`, 'aws-ecr'],
  [`${account}.dkr-ecr.us-west-2.on.aws`, 'aws-ecr'],
  [`${account}.dkr-ecr-fips.us-west-2.on.aws`, 'aws-ecr'],
  [`${account}.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn`, 'aws-ecr'],
  [`${account}.dkr.ecr.eusc-de-east-1.amazonaws.eu`, 'aws-ecr'],
  ['public.ecr.aws', 'aws-ecr-public'],
  ['ecr-public.aws.com', 'aws-ecr-public'],
  ['gcr.io', 'gcr'],
  ['eu.gcr.io', 'gcr'],
  ['asia.gcr.io', 'gcr'],
  ['europe-west3-docker.pkg.dev', 'artifact-registry'],
  ['us-docker.pkg.dev', 'artifact-registry'],
  ['myteam.azurecr.io', 'acr'],
  ['myteam-abc123.azurecr.io', 'acr'],
  ['myteam.westeurope.geo.azurecr.io', 'acr'],
  ['myteam.azurecr.cn', 'acr'],
  ['myteam.azurecr.us', 'acr'],
  ['ghcr.io', 'ghcr'],
  ['registry.gitlab.com', 'gitlab'],
  ['acme.jfrog.io', 'jfrog'],
  ['registry.cn-hangzhou.aliyuncs.com', 'alibaba-acr'],
  ['registry-vpc.cn-hangzhou.aliyuncs.com', 'alibaba-acr'],
  ['registry-internal.cn-hangzhou.aliyuncs.com', 'alibaba-acr'],
  ['acme-registry.cn-hangzhou.cr.aliyuncs.com', 'alibaba-acr'],
  ['crpi-x1.cn-hangzhou.personal.cr.aliyuncs.com', 'alibaba-acr'],
  ['acme.tencentcloudcr.com', 'tencent-tcr'],
  ['ccr.ccs.tencentyun.com', 'tencent-tcr'],
  ['hkccr.ccs.tencentyun.com', 'tencent-tcr'],
  ['swr.cn-north-4.myhuaweicloud.com', 'huawei-swr'],
];

describe('recogniseProvider', () => {
  it.each(vendorAddresses)('takes %s for %s', (address, provider) => {
    expect(recogniseProvider(address)).toBe(provider);
  });

  // A credential minted for a vendor must not reach a host that only looks like it.
  it.each([
    'quay.io.evil.example',
    'evil-quay.io',
    'evilquay.io',
    'quay.io:5000',
    'registry.quay.io',
    `${account}.dkr.ecr.eu-central-1.amazonaws.com.evil.example`,
    `${account}.dkr.ecr.eu-central-1.evil.example`,
    `${account}.dkr.ecr.evil.example.amazonaws.com`,
    `evil-${account}.dkr.ecr.eu-central-1.amazonaws.com`,
    '12345.dkr.ecr.eu-central-1.amazonaws.com',
    `${account}xdkr.ecr.eu-central-1.amazonaws.com`,
    `${account}.dkr.ecr.eu-central-1.amazonawsxcom`,
    'evil.public.ecr.aws',
    'xgcr.io',
    'a.b.gcr.io',
    'evil.pkg.dev.example',
    'pkg.dev',
    'azurecr.io',
    'myteam.azurecr.io.example',
    'myteamazurecr.io',
    'ghcr.io.example',
    'registry.gitlab.com.example',
    'gitlab.com',
    'jfrog.io',
    'aliyuncs.com',
    'registry.aliyuncs.com',
    'evil.cn-hangzhou.aliyuncs.com',
    'tencentcloudcr.com',
    'swr.evil.example',
    'harbor.example.com',
    'localhost:5000',
    '[::1]:5000',
    'ghcr.io\nevil',
    '',
  ])('takes %j for no vendor', (address) => {
    expect(recogniseProvider(address)).toBe('generic');
  });

  it('takes no vendor address with anything before or behind it', () => {
    const label = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    fc.assert(
      fc.property(fc.constantFrom(...vendorAddresses), label, ([address], extra) => {
        expect(recogniseProvider(`${address}.${extra}`)).toBe('generic');
        expect(recogniseProvider(`${address}/${extra}`)).toBe('generic');
        expect(recogniseProvider(`${extra}@${address}`)).toBe('generic');
      }),
    );
  });
});

describe('providers', () => {
  it('knows its own names and no other', () => {
    expect(providers.every(isProvider)).toBe(true);
    expect(isProvider('docker')).toBe(false);
  });
});

describe('parseEcrAddress', () => {
  it('names account and region', () => {
    expect(parseEcrAddress(`${account}.dkr.ecr-fips.us-east-1.amazonaws.com:443`)).toEqual({
      accountId: account,
      region: 'us-east-1',
      fips: true,
    });
    expect(parseEcrAddress(`${account}.dkr-ecr.eu-west-1.on.aws`)?.fips).toBe(false);
    expect(parseEcrAddress('ghcr.io')).toBeNull();
  });
});

/** Between the wire's shape of a target and its columns; what is not given keeps its value. */
import type { TargetCreate, TargetUpdate } from '@moorage/contract';
import type { z } from 'zod';
import type { TargetSettings } from './target-row.js';

type Input = z.output<typeof TargetUpdate> | z.output<typeof TargetCreate>;

export function defaultSettings(environmentName: string): TargetSettings {
  return {
    include: ['*'],
    exclude: ['kube-*'],
    matchLabels: {},
    serviceAccounts: 'default',
    serviceAccountNames: [],
    secretName: `moorage-${environmentName}`,
    attach: 'service-account',
    nodeConfigEnabled: false,
    nodeConfigDistribution: 'k3s',
    limitedToGrants: true,
    attachedBeyondDefault: false,
  };
}

export function mergeSettings(
  before: TargetSettings,
  input: Input,
  limitedToGrants: boolean,
): TargetSettings {
  const { namespaces, nodeConfig, serviceAccounts } = input;
  const accounts =
    serviceAccounts === undefined
      ? {}
      : typeof serviceAccounts === 'string'
        ? { serviceAccounts, serviceAccountNames: [] }
        : { serviceAccounts: 'named' as const, serviceAccountNames: [...new Set(serviceAccounts)] };
  const after = {
    ...before,
    ...(namespaces ?? {}),
    ...accounts,
    ...(nodeConfig === undefined
      ? {}
      : { nodeConfigEnabled: nodeConfig.enabled, nodeConfigDistribution: nodeConfig.distribution }),
    secretName: input.secretName ?? before.secretName,
    attach: input.attach ?? before.attach,
    limitedToGrants,
  };
  const beyond = after.serviceAccounts === 'all' || after.serviceAccounts === 'named';
  return { ...after, attachedBeyondDefault: before.attachedBeyondDefault || beyond };
}

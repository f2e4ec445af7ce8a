/** What the form of a target holds, and the requests that it becomes. */
import type { Target } from '@moorage/contract';
import type { TargetChange, TargetInput } from '../actions';

export interface TargetDraft {
  readonly clusterId: string;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly labels: readonly string[];
  readonly serviceAccounts: 'default' | 'all' | 'none' | 'listed';
  readonly listed: readonly string[];
  readonly secretName: string;
  readonly nodeConfig: boolean;
  readonly distribution: 'k3s' | 'rke2';
}

export const EMPTY_TARGET: TargetDraft = {
  clusterId: '',
  include: ['*'],
  exclude: ['kube-*'],
  labels: [],
  serviceAccounts: 'default',
  listed: [],
  secretName: '',
  nodeConfig: false,
  distribution: 'k3s',
};

export function draftOfTarget(target: Target): TargetDraft {
  const { include, exclude, matchLabels } = target.namespaces;
  const accounts = target.serviceAccounts;
  return {
    clusterId: target.clusterId,
    include,
    exclude,
    labels: Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
    serviceAccounts:
      target.attach === 'none' ? 'none' : typeof accounts === 'string' ? accounts : 'listed',
    listed: typeof accounts === 'string' ? [] : accounts,
    secretName: target.secretName,
    nodeConfig: target.nodeConfig.enabled,
    distribution: target.nodeConfig.distribution,
  };
}

/** `app=web` → `["app", "web"]`; a label without a value has an empty one. */
function labelOf(text: string): [string, string] {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

export function targetChangeOf(draft: TargetDraft): TargetChange {
  const { serviceAccounts, listed, secretName } = draft;
  return {
    namespaces: {
      include: [...draft.include],
      exclude: [...draft.exclude],
      matchLabels: Object.fromEntries(draft.labels.map(labelOf)),
    },
    serviceAccounts: serviceAccounts === 'listed' ? [...listed] : serviceAccounts,
    attach: serviceAccounts === 'none' ? 'none' : 'service-account',
    nodeConfig: { enabled: draft.nodeConfig, distribution: draft.distribution },
    ...(secretName.trim() === '' ? {} : { secretName: secretName.trim() }),
  };
}

export function targetInputOf(draft: TargetDraft): TargetInput {
  return { clusterId: draft.clusterId, ...targetChangeOf(draft) };
}

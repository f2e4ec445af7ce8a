/** The Secret with the node config, as the agent last saw it. */
import { agentPlace, type NodeDistribution, SYNC_MARKS } from '@moorage/core';
import type { SecretObject } from '@moorage/kube';
import { AgentProblem } from './agent-problem.js';

export interface DesiredConfig {
  /** Keyed by the API, so that it can be shown; null when there is no Secret. */
  readonly hash: string | null;
  readonly madeFor: NodeDistribution | null;
  /** Whose it is: carried over to the report. */
  readonly labels: Readonly<Record<string, string>>;
  /** Throws `AgentProblem` for a file that is not text. */
  readonly read: () => Readonly<Record<string, string>>;
}

export const noConfig: DesiredConfig = {
  hash: null,
  madeFor: null,
  labels: {},
  read: () => ({}),
};

const carriedLabels = [SYNC_MARKS.installationLabel, SYNC_MARKS.environmentLabel];

export function desiredConfigOf(secret: SecretObject): DesiredConfig {
  const { annotations = {}, labels = {}, resourceVersion = '' } = secret.metadata;
  const madeFor = annotations[agentPlace.distributionAnnotation];
  return {
    // One that was made by hand has no mark; its version tells two contents apart as well.
    hash: annotations[SYNC_MARKS.contentHashAnnotation] ?? `version:${resourceVersion}`,
    madeFor: madeFor === 'k3s' || madeFor === 'rke2' ? madeFor : null,
    labels: Object.fromEntries(
      carriedLabels.flatMap((name) => (labels[name] === undefined ? [] : [[name, labels[name]]])),
    ),
    read: () => decodeAll(secret.data ?? {}),
  };
}

function decodeAll(data: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  return Object.fromEntries(
    Object.entries(data).map(([key, base64]) => {
      try {
        return [key, decoder.decode(Buffer.from(base64, 'base64'))];
      } catch {
        throw new AgentProblem('config.not-readable', `${key} of the Secret is not text.`);
      }
    }),
  );
}

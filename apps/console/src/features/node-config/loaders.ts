import type { NodeFormat } from '../../lib/node-formats';
import { read } from '../../lib/reads';

/** Where agents and links are the same for every kind of node. */
export const DISTRIBUTIONS = ['k3s', 'rke2', 'containerd'] as const;
export type Distribution = (typeof DISTRIBUTIONS)[number];

export interface AgentChoice {
  readonly distribution: Distribution;
  readonly restart: boolean;
  /** empty = the name that this release has for it */
  readonly image: string;
}

export const FIRST_AGENT: AgentChoice = { distribution: 'k3s', restart: false, image: '' };

/** Masked, as people get it. */
export const filesOf = (env: string, format: NodeFormat) =>
  read('getNodeConfig', { env, query: { format } });

export const agentOf = (env: string, { distribution, restart, image }: AgentChoice) =>
  read('getNodeAgent', {
    env,
    query: {
      distribution,
      restart: restart ? 'true' : 'false',
      ...(image === '' ? {} : { image }),
    },
  });

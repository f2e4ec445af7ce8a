/**
 * What restarts the reader of the logins, and what tells that it is back, when nobody says
 * otherwise. Both run on the node itself: in the mount namespace of its first process.
 *
 * Not verified on a K3s or RKE2 node: derived from their documentation (the systemd units that
 * their install scripts make). Nodes with OpenRC or another service manager need their own command.
 */
import type { AgentDistribution } from './agent-place.js';

const onNode = ['nsenter', '-t', '1', '-m', '--'] as const;

// A server has the first unit, every other node the second.
const units: Readonly<Record<AgentDistribution, readonly [string, string]>> = {
  k3s: ['k3s', 'k3s-agent'],
  rke2: ['rke2-server', 'rke2-agent'],
  containerd: ['containerd', 'containerd'],
};

export function defaultRestartCommand(distribution: AgentDistribution): readonly string[] {
  return unitCommand(distribution, 'restart');
}

export function defaultHealthCommand(distribution: AgentDistribution): readonly string[] {
  return unitCommand(distribution, 'is-active --quiet');
}

function unitCommand(distribution: AgentDistribution, verb: string): readonly string[] {
  const [server, agent] = units[distribution];
  if (server === agent) return [...onNode, 'systemctl', ...verb.split(' '), server];
  const choose = `systemctl is-enabled --quiet ${server} && unit=${server} || unit=${agent}`;
  return [...onNode, 'sh', '-c', `${choose}; exec systemctl ${verb} "$unit"`];
}

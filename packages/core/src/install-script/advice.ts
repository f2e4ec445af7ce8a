/**
 * What a person has to do on a node after the files are there. The script says it and does none of it:
 * a restart of the container runtime is for people to time.
 *
 * Sources: K3s and RKE2 documentation on private registries; containerd `docs/hosts.md`; CRI-O
 * `crio.8` (SIGHUP reloads registries.conf); dockerd documentation (SIGHUP reloads `registry-mirrors`
 * and `insecure-registries`); Kubernetes documentation on kubelet credential providers.
 *
 * Does not handle: whether a file really differs; the script knows that.
 */
import type { NodeConfigFormat } from '../node-config/build-node-config.js';
import type { RestartCost } from '../node-config/model.js';

export function adviceFor(format: NodeConfigFormat, restart: RestartCost): readonly string[] {
  switch (format) {
    case 'k3s-registries.yaml':
      return [
        'K3s reads this when it starts. Restart it, one node at a time:',
        '  servers:  systemctl restart k3s',
        '  agents:   systemctl restart k3s-agent',
      ];
    case 'rke2-registries.yaml':
      return [
        'RKE2 reads this when it starts. Restart it, one node at a time:',
        '  servers:  systemctl restart rke2-server',
        '  agents:   systemctl restart rke2-agent',
      ];
    case 'containerd-hosts':
      return [
        'containerd reads certs.d at every pull, if config_path in its config.toml names /etc/containerd/certs.d.',
        ...(restart === 'containerd'
          ? [
              'It reads logins when it starts: import the file with the logins in config.toml, then',
              '  systemctl restart containerd',
            ]
          : []),
      ];
    case 'crio':
      return ['podman reads this at every pull. CRI-O is told with', '  systemctl reload crio'];
    case 'docker':
      return ['dockerd is told with', '  systemctl reload docker'];
    case 'kubelet-credential-provider':
      return [
        'The kubelet reads this when it starts, if its flags --image-credential-provider-config and',
        '--image-credential-provider-bin-dir name the file and the plugins. Then restart the kubelet.',
      ];
    case 'rancher-cluster':
      return [
        'Nothing on a node: these are for the cluster in which Rancher runs. Apply rancher-secrets.yaml with',
        'kubectl, if it is here, and merge rancher-cluster.yaml into the cluster object; Rancher restarts its nodes.',
      ];
  }
}

/**
 * The configuration of a test node: containerd 1.6, CNI, kubelet 1.36, and the script that starts
 * them in namespaces of their own.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from './child-process.js';
import {
  type K3sLayout,
  type K3sLayoutOptions,
  k3sCertsDirectory,
  k3sContainerd,
  k3sMounts,
  writeK3sLayout,
} from './k3s-layout.js';

/** Debian's folder, or the one that upstream releases are unpacked into. */
export function cniPlugins(): string | undefined {
  return ['/usr/lib/cni', '/opt/cni/bin'].find((folder) => existsSync(join(folder, 'ptp')));
}

export interface NodeFiles {
  readonly directory: string;
  readonly certsDirectory: string;
  readonly containerdSocket: string;
  readonly containerdLog: string;
  readonly kubeletLog: string;
  readonly kubeconfigFile: string;
  readonly script: string;
  readonly k3s: K3sLayout | null;
}

export interface NodeFileOptions {
  readonly directory: string;
  readonly name: string;
  readonly kubernetesBinary: string;
  readonly kubeconfig: string;
  readonly sandboxImage: string;
  readonly kubeletPort: number;
  readonly healthPort: number;
  readonly subnet: string;
  readonly k3s?: K3sLayoutOptions | undefined;
}

export function writeNodeFiles(options: NodeFileOptions): NodeFiles {
  const path = (...parts: readonly string[]) => join(options.directory, ...parts);
  for (const folder of ['certs.d', 'cni', 'cni-data', 'containerd', 'kubelet', 'log', 'state']) {
    mkdirSync(path(folder));
  }
  const files = {
    directory: options.directory,
    k3s:
      options.k3s === undefined ? null : writeK3sLayout(options.directory, path('containerd.sock')),
    certsDirectory: options.k3s === undefined ? path('certs.d') : path('k3s-containerd', 'certs.d'),
    containerdSocket: path('containerd.sock'),
    containerdLog: path('containerd.log'),
    kubeletLog: path('kubelet.log'),
    kubeconfigFile: path('kubeconfig'),
    script: path('start.sh'),
  };
  writeFileSync(files.kubeconfigFile, options.kubeconfig, { mode: 0o600 });
  writeFileSync(path('containerd.toml'), containerdConfiguration(options, files));
  writeFileSync(path('cni', '10-test.conflist'), cniConfiguration(options));
  writeFileSync(
    path('kubelet.json'),
    JSON.stringify(kubeletConfiguration(options, files), null, 2),
  );
  writeFileSync(files.script, startScript(options, files), { mode: 0o700 });
  return files;
}

function containerdConfiguration(
  { directory, sandboxImage }: NodeFileOptions,
  files: NodeFiles,
): string {
  const plugin = 'plugins."io.containerd.grpc.v1.cri"';
  return `version = 2
root = "${directory}/containerd"
state = "${directory}/state"
[grpc]
  address = "${files.containerdSocket}"
[${plugin}]
  sandbox_image = "${sandboxImage}"
  # Lowering the score needs a capability that containers without full privilege lack.
  restrict_oom_score_adj = true
[${plugin}.containerd]
  snapshotter = "native"
[${plugin}.containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"
[${plugin}.containerd.runtimes.runc.options]
  BinaryName = "${findProgram('runc')}"
[${plugin}.cni]
  bin_dir = "${cniPlugins()}"
  conf_dir = "${directory}/cni"
[${plugin}.registry]
  config_path = "${files.k3s === null ? files.certsDirectory : k3sCertsDirectory}"
`;
}

function cniConfiguration({ directory, subnet }: NodeFileOptions): string {
  const ipam = { type: 'host-local', subnet, dataDir: join(directory, 'cni-data') };
  return JSON.stringify({ cniVersion: '0.4.0', name: 'testbed', plugins: [{ type: 'ptp', ipam }] });
}

function kubeletConfiguration(options: NodeFileOptions, files: NodeFiles): unknown {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: '127.0.0.1',
    port: options.kubeletPort,
    healthzBindAddress: '127.0.0.1',
    healthzPort: options.healthPort,
    authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
    authorization: { mode: 'AlwaysAllow' },
    cgroupDriver: 'cgroupfs',
    cgroupsPerQOS: false,
    enforceNodeAllocatable: [],
    failCgroupV1: false,
    failSwapOn: false,
    evictionHard: {},
    containerRuntimeEndpoint: `unix://${files.containerdSocket}`,
    podLogsDir: join(options.directory, 'log'),
    volumePluginDir: join(options.directory, 'kubelet', 'volume-plugins'),
    registryPullQPS: 0,
    serializeImagePulls: false,
    nodeStatusUpdateFrequency: '2s',
    // Tests see a change within this time instead of a minute.
    syncFrequency: '5s',
    resolvConf: '',
  };
}

/**
 * Runs as process 1 of its own process and mount namespaces: when it ends, the kernel ends
 * containerd, its shims and every pod with it, and their mounts vanish. The folders that the
 * programs use by fixed path are private ones.
 */
function startScript(options: NodeFileOptions, files: NodeFiles): string {
  const { directory, name, kubernetesBinary } = options;
  return `#!/bin/sh
set -e
mount --make-rprivate /
for folder in /run/containerd /run/netns /var/lib/cni /var/lib/kubelet /var/log/containers; do
  mkdir -p "$folder"
  mount -t tmpfs tmpfs "$folder"
done
${containerdStart(options, files)}while [ ! -S ${files.containerdSocket} ]; do sleep 0.1; done
${kubernetesBinary} kubelet --config ${directory}/kubelet.json --kubeconfig ${files.kubeconfigFile} \\
  --root-dir ${directory}/kubelet --cert-dir ${directory}/kubelet/pki \\
  --hostname-override ${name} --node-ip 127.0.0.1 >${files.kubeletLog} 2>&1 &
wait
`;
}

function containerdStart(
  { directory, k3s }: NodeFileOptions,
  { containerdLog }: NodeFiles,
): string {
  return k3s === undefined
    ? `containerd --config ${directory}/containerd.toml >${containerdLog} 2>&1 &\n`
    : `${k3sMounts(directory)}${k3sContainerd(directory, containerdLog, k3s.render)}`;
}

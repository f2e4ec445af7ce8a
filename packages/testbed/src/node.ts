/**
 * A real node: kubelet, Debian's containerd 1.6, runc and CNI, joined to a test cluster. Needs
 * root. Everything it starts dies with it, pods and shims included.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { logTail, startProgram, waitUntilReady } from './child-process.js';
import { freePort } from './free-port.js';
import {
  type K3sLayout,
  type K3sLayoutOptions,
  missingK3sFolders,
  removeFolders,
} from './k3s-layout.js';
import type { Kubernetes } from './kubernetes.js';
import { type NodeFiles, writeNodeFiles } from './node-files.js';
import { type PodOptions, type PodOutcome, runPod } from './pods.js';
import { startRegistry } from './registry.js';
import { createTemporaryDirectory } from './temporary-directory.js';
import { pushTestImage } from './test-image.js';

const run = promisify(execFile);

export interface NodeOptions {
  /** With a controller-manager: it makes the service accounts and certificates that pods mount. */
  readonly kubernetes: Kubernetes;
  readonly name?: string;
  /** `hosts.toml` by directory name (`registry.example.com:5000`, `_default`). */
  readonly hosts?: Readonly<Record<string, string>>;
  /** Laid out and started as K3s does. */
  readonly k3s?: K3sLayoutOptions;
}

export interface TestNode {
  readonly name: string;
  /** Folder with everything of the node's, for diagnosis. */
  readonly directory: string;
  /** containerd's `certs.d`, read again at every pull. */
  readonly certsDirectory: string;
  readonly containerdSocket: string;
  readonly containerdLog: string;
  readonly kubeletLog: string;
  /** Only of a node that was asked for with `k3s`. */
  readonly k3s: K3sLayout | null;
  configureHost(directory: string, hostsToml: string): void;
  /** Starts a pod on this node and answers as soon as it runs or its image is refused. */
  runPod(options: PodOptions): Promise<PodOutcome>;
  /** containerd's own client, for pulls without the kubelet. */
  ctr(args: readonly string[]): Promise<string>;
  removeImage(reference: string): Promise<void>;
  stop(): Promise<void>;
}

let nodeCount = 0;

export async function startNode(options: NodeOptions): Promise<TestNode> {
  nodeCount += 1;
  const { kubernetes } = options;
  const name = options.name ?? `node-${nodeCount}`;
  const directory = createTemporaryDirectory('node');
  const ownRegistry = await startRegistry();
  const { reference } = await pushTestImage({ address: ownRegistry.address, repository: 'pause' });
  const files = writeNodeFiles({
    directory: directory.path,
    name,
    kubernetesBinary: kubernetes.binary,
    kubeconfig: kubernetes.kubeconfig(),
    sandboxImage: reference,
    kubeletPort: await freePort(),
    healthPort: await freePort(),
    subnet: `10.88.${nodeCount}.0/24`,
    k3s: options.k3s,
  });
  const ownFolders = options.k3s === undefined ? [] : missingK3sFolders();
  for (const [host, hostsToml] of Object.entries(options.hosts ?? {}))
    configureHost(files, host, hostsToml);
  const before = cgroups();
  const program = startProgram({
    name: 'node',
    command: 'unshare',
    args: ['--mount', '--pid', '--fork', '--kill-child=SIGKILL', '--mount-proc', files.script],
    logFile: join(directory.path, 'node.log'),
  });
  const ctr = (args: readonly string[]) => runCtr(files, args);
  try {
    await waitUntilReady(program, () => isNodeReady(kubernetes, name), {
      timeoutMs: 90_000,
      intervalMs: 250,
    });
  } catch (error) {
    await ownRegistry.stop();
    removeFolders(ownFolders);
    throw new Error(`${String(error)}\nkubelet: ${logTail(files.kubeletLog)}`, { cause: error });
  }
  return {
    ...files,
    name,
    configureHost: (host, hostsToml) => configureHost(files, host, hostsToml),
    runPod: (pod) => runPod(kubernetes, name, pod),
    ctr,
    removeImage: async (image) => void (await ctr(['images', 'rm', '--sync', image])),
    async stop() {
      await program.kill();
      await ownRegistry.stop();
      await removeCgroups(before);
      removeFolders(ownFolders);
      await directory.remove();
    },
  };
}

function configureHost({ certsDirectory }: NodeFiles, host: string, hostsToml: string): void {
  mkdirSync(join(certsDirectory, host), { recursive: true });
  writeFileSync(join(certsDirectory, host, 'hosts.toml'), hostsToml);
}

async function runCtr(files: NodeFiles, args: readonly string[]): Promise<string> {
  const { stdout } = await run('ctr', ['-a', files.containerdSocket, '-n', 'k8s.io', ...args], {
    timeout: 60_000,
  });
  return stdout;
}

interface NodeStatus {
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

async function isNodeReady(kubernetes: Kubernetes, name: string): Promise<boolean> {
  const { json } = await kubernetes.call({ path: `/api/v1/nodes/${name}` });
  // A Node, or a Status while the kubelet has not registered it: both read as below.
  const { status } = json as NodeStatus;
  return (status?.conditions ?? []).some(
    (condition) => condition.type === 'Ready' && condition.status === 'True',
  );
}

/** Folders of container groups in every cgroup v1 controller: the only trace outside the node's own. */
function cgroups(): ReadonlySet<string> {
  const found = new Set<string>();
  for (const controller of listFolder('/sys/fs/cgroup')) {
    for (const entry of listFolder(join('/sys/fs/cgroup', controller))) {
      found.add(join('/sys/fs/cgroup', controller, entry));
    }
  }
  return found;
}

async function removeCgroups(before: ReadonlySet<string>): Promise<void> {
  const left = [...cgroups()].filter(
    (path) => !before.has(path) && /\/(k8s\.io|pod[0-9a-f-]{36})$/.test(path),
  );
  for (let attempt = 0; attempt < 20 && left.length > 0; attempt += 1) {
    const path = left.at(-1) ?? '';
    if (removeTree(path)) left.pop();
    // Killed processes leave their group a moment later.
    else await delay(50);
  }
}

/** Groups are removed from the leaves up by rmdir; their files are not files. */
function removeTree(path: string): boolean {
  try {
    for (const child of listFolder(path)) removeTree(join(path, child));
    rmdirSync(path);
    return true;
  } catch {
    return !existsSync(path);
  }
}

function listFolder(path: string): string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

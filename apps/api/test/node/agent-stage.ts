/** A real node laid out as K3s does, with the agent's image in a real registry, and the agent's reports. */
import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  type AgentManifestOptions,
  agentPlace,
  buildAgentManifest,
  decodeNodeReport,
  type NodeReport,
  nodeReportKey,
  nodeReportName,
} from '@moorage/core';
import {
  type K3sLayout,
  type Kubernetes,
  type Registry,
  startNode,
  startRegistry,
  type TestNode,
} from '@moorage/testbed';
import { parseAllDocuments } from 'yaml';
import { assembleImage } from '../../../agent/src/image/assemble-image.js';
import { bundleProgram } from '../../../agent/src/image/bundle.js';
import { type RealNode, startRealNode } from './real-node.js';

const run = promisify(execFile);

/** One node, as the test sees it and as its agent reports it. */
export interface AgentNode {
  readonly node: TestNode;
  readonly k3s: K3sLayout;
  /** Null before the first one. */
  report(): Promise<NodeReport | null>;
  /** A file of the node; null when it is not there. */
  read(path: string): string | null;
  /** As if somebody had written it on the node, an hour ago unless `now`. */
  put(path: string, content: string, when?: 'now'): void;
  mode(path: string): string;
}

export interface AgentStage extends AgentNode, RealNode {
  readonly node: TestNode;
  /** Applies the manifest that the product builds. */
  deploy(options?: Partial<AgentManifestOptions>): Promise<void>;
  /** Another node of the same cluster; ends with the stage. */
  addNode(): Promise<AgentNode>;
  /** Process ids of the running agents, as this machine sees them. */
  agentPids(): readonly number[];
  /** What the agent's containers on the first node have written, those of before included. */
  agentLog(): string;
  /** Resident at most so far, of the agent that runs now. */
  agentPeakMegabytes(): number;
}

export async function startAgentStage(): Promise<AgentStage> {
  const directory = mkdtempSync(join(tmpdir(), 'moorage-agent-stage-'));
  const starter = join(directory, 'k3s-start.mjs');
  await bundleProgram(fileURLToPath(new URL('k3s-start.ts', import.meta.url)), starter);
  const images = await startRegistry();
  const agentImage = await pushAgentImage(directory, images);
  const k3s = { render: [process.execPath, starter] };
  const real = await startRealNode({ k3s });
  const more: TestNode[] = [];
  const first = agentNode(real.kubernetes, real.node);
  return {
    ...real,
    ...first,
    deploy: (options = {}) => deploy(real.kubernetes, { image: agentImage, ...options }, first.k3s),
    async addNode() {
      const node = await startNode({ kubernetes: real.kubernetes, k3s });
      more.push(node);
      return agentNode(real.kubernetes, node);
    },
    agentPeakMegabytes: () => Math.max(...findAgents().map(peakMegabytes)),
    agentPids: () => findAgents(),
    agentLog: () => readLogs(real.node),
    async close() {
      for (const node of more) await node.stop();
      await real.close();
      await images.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function agentNode(kubernetes: Kubernetes, node: TestNode): AgentNode {
  const { k3s } = node;
  if (k3s === null) throw new Error('the node is not laid out as K3s does');
  return {
    node,
    k3s,
    report: () => readReport(kubernetes, node.name),
    read(path) {
      const place = k3s.place(path);
      return existsSync(place) ? readFileSync(place, 'utf8') : null;
    },
    put(path, content, when) {
      const place = k3s.place(path);
      mkdirSync(dirname(place), { recursive: true });
      writeFileSync(place, content);
      const hourAgo = Date.now() / 1000 - 3600;
      if (when === undefined) utimesSync(place, hourAgo, hourAgo);
    },
    mode: (path) => (statSync(k3s.place(path)).mode & 0o777).toString(8),
  };
}

async function pushAgentImage(directory: string, { address }: Registry): Promise<string> {
  const layout = join(directory, 'image');
  await assembleImage({ directory: layout, tag: '1' });
  const reference = `${address}/moorage/agent:1`;
  const flags = ['--insecure-policy', 'copy', '--dest-tls-verify=false', '--dest-no-creds'];
  await run('skopeo', [...flags, `oci:${layout}:1`, `docker://${reference}`], { timeout: 120_000 });
  return reference;
}

async function deploy(
  kubernetes: Kubernetes,
  options: Partial<AgentManifestOptions> & Pick<AgentManifestOptions, 'image'>,
  k3s: K3sLayout,
): Promise<void> {
  const { hostname, port } = new URL(kubernetes.url);
  const manifest = buildAgentManifest({
    distribution: 'k3s',
    restart: false,
    restartCommand: k3s.restartCommand,
    healthCommand: k3s.healthCommand,
    intervalSeconds: 5,
    // There is no kube-proxy, so the cluster's own address leads nowhere.
    apiServer: { host: hostname, port: Number(port) },
    ...options,
  });
  for (const document of parseAllDocuments(manifest)) {
    const object = document.toJS() as KubernetesObject; // our own manifest
    const reply = await kubernetes.call({
      method: 'PATCH',
      path: `${pathOf(object)}?fieldManager=administrator&force=true`,
      contentType: 'application/apply-patch+yaml',
      body: object,
    });
    if (reply.status >= 300) throw new Error(`${object.kind}: ${reply.text.slice(0, 500)}`);
  }
}

interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

function pathOf({ apiVersion, kind, metadata }: KubernetesObject): string {
  const group = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
  const inside = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`;
  return `${group}${inside}/${kind.toLowerCase()}s/${metadata.name}`;
}

async function readReport(kubernetes: Kubernetes, node: string): Promise<NodeReport | null> {
  const name = nodeReportName(node) ?? '';
  const path = `/api/v1/namespaces/${agentPlace.namespace}/configmaps/${name}`;
  const { status, json } = await kubernetes.call({ path });
  if (status === 404) return null;
  const { data } = json as { data: Readonly<Record<string, string>> };
  const decoded = decodeNodeReport(data[nodeReportKey] ?? '');
  if (!decoded.ok) throw new Error(decoded.error);
  return decoded.value;
}

function findAgents(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const words = commandOf(pid).split('\0');
      return words[0] === '/node' && words.includes('/agent.mjs');
    });
}

function peakMegabytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1]) / 1000);
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function readLogs(node: TestNode): string {
  const root = join(node.directory, 'log');
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.parentPath.includes('moorage-agent'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('');
}

/**
 * The agent's image from what is on this machine: the Node that runs this, `nsenter`, the libraries
 * that both need, and the bundle. No base image, no shell, no package manager; nothing is fetched.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleAgent } from './bundle.js';
import { listCopyrights, listLibraries } from './needed-libraries.js';
import { writeOciLayout } from './oci-layout.js';
import type { TarFile } from './tar.js';

export interface AssembleOptions {
  /** The folder of the layout; made when it is missing. */
  readonly directory: string;
  readonly tag: string;
  readonly node?: string;
  readonly nsenter?: string;
}

export interface AssembledImage {
  readonly digest: string;
  readonly bytes: number;
}

// The heap of a process that holds one Secret of at most 1 MiB, several times while it is compared.
const heapMegabytes = 96;

export async function assembleImage(options: AssembleOptions): Promise<AssembledImage> {
  const { directory, tag, node = process.execPath, nsenter = '/usr/bin/nsenter' } = options;
  const libraries = new Set([...(await listLibraries(node)), ...(await listLibraries(nsenter))]);
  const copyrights = await listCopyrights([...libraries, nsenter]);
  const base = [
    file('/node', node, 0o755),
    file('/usr/bin/nsenter', nsenter, 0o755),
    ...[...libraries].map((path) => file(path, path, 0o755)),
    ...copyrights.map((path) => file(path, path, 0o644)),
  ];
  const programs = await readBundle();
  const digest = writeOciLayout(directory, {
    tag,
    entrypoint: ['/node', `--max-old-space-size=${heapMegabytes}`, '/agent.mjs'],
    labels: {
      'org.opencontainers.image.title': 'Moorage node agent',
      'org.opencontainers.image.licenses': 'Apache-2.0',
    },
    layers: [base, programs],
  });
  const bytes = [...base, ...programs].reduce((sum, { content }) => sum + content.length, 0);
  return { digest, bytes };
}

/** Links are followed: the archive holds the file itself under the name that is asked for. */
function file(path: string, source: string, mode: number): TarFile {
  return { path: path.slice(1), mode, content: readFileSync(source) };
}

async function readBundle(): Promise<readonly TarFile[]> {
  const directory = mkdtempSync(join(tmpdir(), 'moorage-agent-'));
  try {
    const { agent, probe } = await bundleAgent(directory);
    return [file('/agent.mjs', agent, 0o644), file('/alive.mjs', probe, 0o644)];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

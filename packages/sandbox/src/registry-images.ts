/**
 * The images of a simulated registry, made in memory: OCI manifests, indexes, configs and one
 * small layer each (OCI image spec 1.1). The config's labels say that the image is simulated.
 * Digests are real: what a client hashes is what it was told.
 */
import { createHash } from 'node:crypto';

export interface StoredBlob {
  readonly mediaType: string;
  readonly bytes: Buffer;
}

export interface SimulatedImage {
  readonly repository: string;
  readonly tags: readonly string[];
  readonly platforms?: readonly string[];
  readonly created?: string;
  readonly exposedPorts?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly entrypoint?: readonly string[];
}

export interface Repository {
  /** Tag → digest of a manifest. */
  readonly tags: Map<string, string>;
  readonly manifests: Map<string, StoredBlob>;
  readonly blobs: Map<string, StoredBlob>;
}

export const builtInImages: readonly SimulatedImage[] = [
  {
    repository: 'team-a/web',
    tags: ['1.0', '1.1', 'latest'],
    platforms: ['linux/amd64', 'linux/arm64'],
    exposedPorts: ['8080/tcp'],
    environment: { PORT: '8080' },
    entrypoint: ['/web'],
  },
  { repository: 'team-a/worker', tags: ['2024.11', 'latest'], entrypoint: ['/worker'] },
  {
    repository: 'team-b/api',
    tags: ['3.2.1'],
    exposedPorts: ['443/tcp', '9090/tcp'],
    entrypoint: ['/api'],
  },
  { repository: 'base', tags: ['bookworm', 'bookworm-slim'] },
];

const types = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
};

export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

export function storeImage(repositories: Map<string, Repository>, image: SimulatedImage): void {
  const empty: Repository = { tags: new Map(), manifests: new Map(), blobs: new Map() };
  const repository = repositories.get(image.repository) ?? empty;
  repositories.set(image.repository, repository);
  for (const tag of image.tags) repository.tags.set(tag, storeTag(repository, image, tag));
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

function storeTag(repository: Repository, image: SimulatedImage, tag: string): string {
  const platforms = image.platforms ?? ['linux/amd64'];
  const manifests = platforms.map((platform) => {
    const [os = 'linux', architecture = 'amd64'] = platform.split('/');
    return {
      ...storeManifest(repository, image, tag, os, architecture),
      platform: { architecture, os },
    };
  });
  const [only] = manifests;
  if (manifests.length === 1 && only !== undefined) return only.digest;
  const mediaType = types.index;
  return put(repository.manifests, mediaType, json({ schemaVersion: 2, mediaType, manifests }))
    .digest;
}

function storeManifest(
  repository: Repository,
  image: SimulatedImage,
  tag: string,
  os: string,
  architecture: string,
): Descriptor {
  // No real program: the layer holds a note, so that pulling it shows what it is.
  const note = `Simulated layer of ${image.repository}:${tag} for ${os}/${architecture}.\n`;
  const layer = put(repository.blobs, types.layer, tarWithNote(note));
  const ports = (image.exposedPorts ?? []).map((port) => [port, {}]);
  const config = put(
    repository.blobs,
    types.config,
    json({
      created: image.created ?? '2026-01-01T00:00:00Z',
      architecture,
      os,
      config: {
        Env: Object.entries(image.environment ?? {}).map(([name, value]) => `${name}=${value}`),
        ...(ports.length === 0 ? {} : { ExposedPorts: Object.fromEntries(ports) }),
        ...(image.entrypoint === undefined ? {} : { Entrypoint: image.entrypoint }),
        Labels: { 'dev.moorage.simulated': 'true' },
      },
      rootfs: { type: 'layers', diff_ids: [layer.digest] },
      history: [{ created_by: 'simulated' }],
    }),
  );
  const mediaType = types.manifest;
  return put(
    repository.manifests,
    mediaType,
    json({ schemaVersion: 2, mediaType, config, layers: [layer] }),
  );
}

function put(blobs: Map<string, StoredBlob>, mediaType: string, bytes: Buffer): Descriptor {
  const digest = digestOf(bytes);
  blobs.set(digest, { mediaType, bytes });
  return { mediaType, digest, size: bytes.length };
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

/** A tar with one file (ustar, POSIX.1-1988). */
function tarWithNote(note: string): Buffer {
  const header = Buffer.alloc(512);
  const octal = (value: number, length: number) =>
    `${value.toString(8).padStart(length - 1, '0')}\0`;
  header.write('SIMULATED', 0);
  header.write(octal(0o644, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(Buffer.byteLength(note), 12), 124);
  header.write(octal(0, 12), 136);
  // The checksum is taken with its own field full of spaces.
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\u000000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const content = Buffer.alloc(512);
  content.write(note);
  return Buffer.concat([header, content, Buffer.alloc(1024)]);
}

/** The smallest image that containerd pulls and unpacks: one empty layer, served from memory. */
import { createHash } from 'node:crypto';

interface Blob {
  readonly mediaType: string;
  readonly bytes: Buffer;
  readonly digest: string;
}

const oci = 'application/vnd.oci.image';

function blobOf(mediaType: string, bytes: Buffer): Blob {
  return { mediaType, bytes, digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}` };
}

function jsonBlob(mediaType: string, value: unknown): Blob {
  return blobOf(mediaType, Buffer.from(JSON.stringify(value)));
}

function descriptorOf({ mediaType, bytes, digest }: Blob) {
  return { mediaType, digest, size: bytes.length };
}

// Two empty blocks are a whole tar.
const layer = blobOf(`${oci}.layer.v1.tar`, Buffer.alloc(1024));
const config = jsonBlob(`${oci}.config.v1+json`, {
  architecture: process.arch === 'x64' ? 'amd64' : process.arch,
  os: 'linux',
  config: {},
  rootfs: { type: 'layers', diff_ids: [layer.digest] },
});
const manifest = jsonBlob(`${oci}.manifest.v1+json`, {
  schemaVersion: 2,
  mediaType: `${oci}.manifest.v1+json`,
  config: descriptorOf(config),
  layers: [descriptorOf(layer)],
});

export const servedDigest = manifest.digest;

/** What a registry that has the image answers: every tag is this one image. */
export function findServed(path: string): Blob | undefined {
  const [, kind, name = ''] = /\/(manifests|blobs)\/([^/]+)$/.exec(path) ?? [];
  if (kind === 'manifests') {
    return name.startsWith('sha256:') && name !== manifest.digest ? undefined : manifest;
  }
  return [layer, config].find(({ digest }) => digest === name);
}

/**
 * An image as a folder that skopeo, podman and others read (`oci:<folder>:<tag>`).
 *
 * Source: OCI image spec 1.1 (image-layout.md, manifest.md, config.md).
 *
 * Does not handle: several platforms in one index.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildTar, type TarFile } from './tar.js';

export interface ImageDescription {
  readonly tag: string;
  readonly entrypoint: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** From the one that changes least. */
  readonly layers: readonly (readonly TarFile[])[];
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** Answers the digest of the manifest. */
export function writeOciLayout(directory: string, image: ImageDescription): string {
  const blobs = join(directory, 'blobs', 'sha256');
  mkdirSync(blobs, { recursive: true });
  const put = (mediaType: string, bytes: Buffer): Descriptor => {
    const digest = digestOf(bytes);
    writeFileSync(join(blobs, digest.slice('sha256:'.length)), bytes);
    return { mediaType, digest, size: bytes.length };
  };
  const tars = image.layers.map((files) => buildTar(files));
  const layers = tars.map((tar) =>
    put('application/vnd.oci.image.layer.v1.tar+gzip', gzipSync(tar, { level: 6 })),
  );
  const config = put(
    'application/vnd.oci.image.config.v1+json',
    encode({
      architecture: process.arch === 'x64' ? 'amd64' : process.arch,
      os: 'linux',
      config: { Entrypoint: image.entrypoint, Labels: image.labels, WorkingDir: '/' },
      rootfs: { type: 'layers', diff_ids: tars.map(digestOf) },
    }),
  );
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = put(mediaType, encode({ schemaVersion: 2, mediaType, config, layers }));
  const annotations = { 'org.opencontainers.image.ref.name': image.tag };
  const index = { schemaVersion: 2, manifests: [{ ...manifest, annotations }] };
  writeFileSync(join(directory, 'index.json'), encode(index));
  writeFileSync(join(directory, 'oci-layout'), encode({ imageLayoutVersion: '1.0.0' }));
  return manifest.digest;
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function encode(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

/**
 * A small image whose content we know: one layer with a static Go program, as an OCI layout that
 * skopeo pushes. No base image is fetched.
 *
 * Layout: OCI image spec 1.1 (image-layout.md, manifest.md, config.md). The layer is an
 * uncompressed tar, so that its digest is also its diff id.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findProgram } from './child-process.js';
import { testCacheDirectory } from './kubernetes-binary.js';
import { createTemporaryDirectory } from './temporary-directory.js';

const run = promisify(execFile);
const sourceDirectory = fileURLToPath(new URL('../image/', import.meta.url));

export interface RegistryLogin {
  readonly username: string;
  readonly password: string;
}

export interface TestImageOptions {
  /** `host:port` of the registry. */
  readonly address: string;
  readonly repository: string;
  readonly tag?: string;
  readonly login?: RegistryLogin;
  /** Another text gives another digest. */
  readonly content?: string;
}

export interface TestImage {
  /** `host:port/repository:tag` */
  readonly reference: string;
  readonly digest: string;
}

export async function pushTestImage(options: TestImageOptions): Promise<TestImage> {
  const { address, repository, tag = 'latest', login } = options;
  const layout = createTemporaryDirectory('image');
  try {
    const digest = writeLayout(layout.path, await ensureProgram(), tag, options.content ?? '1');
    const reference = `${address}/${repository}:${tag}`;
    const credentials =
      login === undefined
        ? ['--dest-no-creds']
        : ['--dest-creds', `${login.username}:${login.password}`];
    const source = `oci:${layout.path}:${tag}`;
    await run(
      'skopeo',
      [
        '--insecure-policy',
        'copy',
        '--dest-tls-verify=false',
        ...credentials,
        source,
        `docker://${reference}`,
      ],
      { timeout: 60_000 },
    );
    return { reference, digest };
  } finally {
    await layout.remove();
  }
}

/** Built once per source, kept beside the Kubernetes binary. */
async function ensureProgram(): Promise<string> {
  const source = readFileSync(join(sourceDirectory, 'main.go'));
  const key = createHash('sha256').update(source).digest('hex').slice(0, 16);
  const path = join(testCacheDirectory(), 'image', key);
  if (existsSync(path)) return path;
  await mkdir(join(path, '..'), { recursive: true });
  const partial = `${path}.${process.pid}.partial`;
  await run(
    findProgram('go') ?? 'go',
    ['build', '-trimpath', '-ldflags', '-s -w', '-o', partial, '.'],
    {
      cwd: sourceDirectory,
      env: { ...process.env, CGO_ENABLED: '0', GOOS: 'linux' },
    },
  );
  await rename(partial, path);
  return path;
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

function writeLayout(directory: string, program: string, tag: string, content: string): string {
  const blobs = join(directory, 'blobs', 'sha256');
  mkdirSync(blobs, { recursive: true });
  const put = (mediaType: string, bytes: Buffer): Descriptor => {
    const hex = createHash('sha256').update(bytes).digest('hex');
    writeFileSync(join(blobs, hex), bytes);
    return { mediaType, digest: `sha256:${hex}`, size: bytes.length };
  };
  const json = (value: unknown) => Buffer.from(JSON.stringify(value));
  const layer = put('application/vnd.oci.image.layer.v1.tar', layerOf(program, content));
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  const config = put(
    'application/vnd.oci.image.config.v1+json',
    json({
      architecture,
      os: 'linux',
      config: { Entrypoint: ['/program'], Labels: { 'dev.moorage.content': content } },
      rootfs: { type: 'layers', diff_ids: [layer.digest] },
    }),
  );
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = put(mediaType, json({ schemaVersion: 2, mediaType, config, layers: [layer] }));
  const annotations = { 'org.opencontainers.image.ref.name': tag };
  const index = { schemaVersion: 2, manifests: [{ ...manifest, annotations }] };
  writeFileSync(join(directory, 'index.json'), json(index));
  writeFileSync(join(directory, 'oci-layout'), json({ imageLayoutVersion: '1.0.0' }));
  return manifest.digest;
}

function layerOf(program: string, content: string): Buffer {
  return Buffer.concat([
    tarEntry('program', 0o755, readFileSync(program)),
    tarEntry('content', 0o644, Buffer.from(content)),
    // A tar ends with two empty blocks.
    Buffer.alloc(1024),
  ]);
}

/** One file in ustar format (POSIX.1-1988): a 512-byte header, then the content in full blocks. */
function tarEntry(name: string, mode: number, content: Buffer): Buffer {
  const header = Buffer.alloc(512);
  const octal = (value: number, length: number) =>
    `${value.toString(8).padStart(length - 1, '0')}\0`;
  header.write(name, 0);
  header.write(octal(mode, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(content.length, 12), 124);
  header.write(octal(0, 12), 136);
  // The checksum is taken with its own field full of spaces.
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\0' + '00', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
  return Buffer.concat([header, content, padding]);
}

/**
 * A tar archive in memory, the same bytes for the same files: no times, no owners, sorted by path.
 *
 * Source: ustar (POSIX.1-1988): a 512-byte header, then the content in full blocks.
 *
 * Does not handle: links, paths of more than 100 bytes.
 */
export interface TarFile {
  /** Without a leading slash. */
  readonly path: string;
  readonly mode: number;
  readonly content: Buffer;
}

const blockBytes = 512;
const pathMaxBytes = 100;

export function buildTar(files: readonly TarFile[]): Buffer {
  const folders = new Set(files.flatMap(({ path }) => foldersOf(path)));
  const entries = [
    ...[...folders].map((path) => ({ path, mode: 0o755, content: Buffer.alloc(0) })),
    ...files,
  ].toSorted((a, b) => (a.path < b.path ? -1 : 1));
  // A tar ends with two empty blocks.
  return Buffer.concat([...entries.flatMap(entryOf), Buffer.alloc(2 * blockBytes)]);
}

/** `a/b/c` → `a/`, `a/b/` */
function foldersOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => `${parts.slice(0, index + 1).join('/')}/`);
}

function entryOf({ path, mode, content }: TarFile): readonly Buffer[] {
  if (Buffer.byteLength(path) > pathMaxBytes) throw new Error(`too long for a tar: ${path}`);
  const header = Buffer.alloc(blockBytes);
  const octal = (value: number, length: number) =>
    `${value.toString(8).padStart(length - 1, '0')}\0`;
  header.write(path, 0);
  header.write(octal(mode, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(content.length, 12), 124);
  header.write(octal(0, 12), 136);
  // The checksum is taken with its own field full of spaces.
  header.write('        ', 148);
  header.write(path.endsWith('/') ? '5' : '0', 156);
  header.write('ustar\0' + '00', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const padding = Buffer.alloc((blockBytes - (content.length % blockBytes)) % blockBytes);
  return [header, content, padding];
}

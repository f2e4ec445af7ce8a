/**
 * A file system that dies with its process: the n-th change fails half done, and nothing works after
 * it. What was done before stays on the disk.
 */
import * as fileSystem from 'node:fs/promises';
import type { FileSystem } from '../src/files/node-disk.js';

export class Crash extends Error {}

export interface CrashingFileSystem extends FileSystem {
  readonly crashed: () => boolean;
}

export function crashAt(step: number): CrashingFileSystem {
  let done = 0;
  const isDead = () => done >= step;
  const change = async <T>(work: () => Promise<T>, half?: () => Promise<unknown>): Promise<T> => {
    if (isDead()) throw new Crash();
    done += 1;
    if (!isDead()) return await work();
    await half?.();
    throw new Crash();
  };
  const open: FileSystem['open'] = async (path, flags, mode) => {
    if (isDead()) throw new Crash();
    const isNew = flags === 'wx';
    const handle = isNew
      ? await change(() => fileSystem.open(path, flags, mode))
      : await fileSystem.open(path, flags, mode);
    return new Proxy(handle, {
      get(target, name) {
        if (name === 'writeFile') {
          return (content: string | Buffer) => {
            const bytes = Buffer.from(content as string);
            const half = () => target.writeFile(bytes.subarray(0, bytes.length >> 1));
            return change(() => target.writeFile(bytes), half);
          };
        }
        if (name === 'sync' || name === 'chmod') {
          return (...args: [number]) => change(() => target[name](...args));
        }
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  };
  return {
    crashed: isDead,
    open,
    readdir: fileSystem.readdir,
    rename: (from, to) => change(() => fileSystem.rename(from, to)),
    unlink: (path) => change(() => fileSystem.unlink(path)),
    mkdir: ((path: string, options: object) =>
      change(() => fileSystem.mkdir(path, options))) as FileSystem['mkdir'],
    rmdir: (path) => change(() => fileSystem.rmdir(path)),
    chmod: (path, mode) => change(() => fileSystem.chmod(path, mode)),
  };
}

/**
 * The files of the node, as the agent's pod sees them below a root. A file is replaced as a whole or
 * not at all: written beside its place, flushed, moved over it, and the folder flushed. Whatever
 * happens in between leaves the old content or the new one, and perhaps a leftover that the next
 * start removes.
 *
 * Sources: rename(2) ("atomically replaced"), fsync(2) (a new name is safe once its folder is flushed).
 *
 * Does not handle: owners; everything is root's. Links in place of a file are refused, because the
 * agent cannot know whose file is behind one.
 */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import * as fileSystem from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AgentProblem, diskProblem, errnoOf } from '../agent-problem.js';

/** The largest file of ours is 1 MiB, what a Secret holds; others' are kept and compared, too. */
const readMaxBytes = 4 * 1024 * 1024;

const leftover = /^\.moorage-agent\..+\.tmp$/;

export type FileSystem = Pick<
  typeof fileSystem,
  'open' | 'rename' | 'unlink' | 'mkdir' | 'rmdir' | 'chmod' | 'readdir'
>;

export interface PresentFile {
  readonly content: Buffer;
  readonly modifiedAt: number;
}

export class NodeDisk {
  constructor(
    private readonly root: string,
    private readonly fs: FileSystem = fileSystem,
  ) {}

  /** Null for a file that is not there. */
  async read(path: string): Promise<PresentFile | null> {
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const handle = await this.fs.open(this.#place(path), flags).catch((error: unknown) => {
      const errno = errnoOf(error);
      if (errno === 'ENOENT' || errno === 'ENOTDIR') return null;
      if (errno === 'ELOOP') throw notRegular(path);
      throw diskProblem(error, path);
    });
    if (handle === null) return null;
    try {
      const stat = await handle.stat();
      if (!stat.isFile()) throw notRegular(path);
      if (stat.size > readMaxBytes) throw tooLarge(path);
      // Bounded also when it grows meanwhile; the next look sees the rest.
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(stat.size), 0, stat.size, 0);
      return { content: buffer.subarray(0, bytesRead), modifiedAt: stat.mtimeMs };
    } finally {
      await handle.close();
    }
  }

  /** When the file was last written; null for none. Its content may be anything. */
  async modifiedAt(path: string): Promise<number | null> {
    const handle = await this.fs.open(this.#place(path), constants.O_RDONLY).catch(() => null);
    if (handle === null) return null;
    try {
      return (await handle.stat()).mtimeMs;
    } finally {
      await handle.close();
    }
  }

  /** Replaces the whole file. Folders that are missing are made for root alone. */
  async write(path: string, mode: number, content: string | Buffer): Promise<void> {
    const place = this.#place(path);
    const directory = dirname(place);
    const temporary = join(
      directory,
      `.moorage-agent.${basename(place)}.${randomBytes(6).toString('hex')}.tmp`,
    );
    try {
      await this.fs.mkdir(directory, { recursive: true, mode: 0o700 });
      await this.#writeNew(temporary, mode, content);
      await this.fs.rename(temporary, place);
      await this.#flushDirectory(directory);
    } catch (error) {
      throw diskProblem(error, path);
    }
  }

  async #writeNew(place: string, mode: number, content: string | Buffer): Promise<void> {
    const handle = await this.fs.open(place, 'wx', mode);
    try {
      // The mode of `open` is narrowed by the process's mask.
      await handle.chmod(mode);
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  /** Removes the file and the folder that it leaves empty; nothing when it is gone already. */
  async remove(path: string): Promise<void> {
    const place = this.#place(path);
    try {
      await this.fs.unlink(place);
      await this.#flushDirectory(dirname(place));
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw diskProblem(error, path);
    }
  }

  /** Takes permissions away that `mode` does not have; gives none. Nothing when the file is not there. */
  async tighten(path: string, mode: number): Promise<void> {
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const handle = await this.fs.open(this.#place(path), flags).catch(() => null);
    if (handle === null) return;
    try {
      const present = (await handle.stat()).mode & 0o777;
      if ((present & ~mode) !== 0) await handle.chmod(present & mode);
    } catch (error) {
      throw diskProblem(error, path);
    } finally {
      await handle.close();
    }
  }

  /** Names in a folder; none when it is not there. */
  async list(path: string): Promise<readonly string[]> {
    return await this.fs.readdir(this.#place(path)).catch((error: unknown) => {
      if (['ENOENT', 'ENOTDIR'].includes(errnoOf(error) ?? '')) return [];
      throw diskProblem(error, path);
    });
  }

  /** Removes a folder that is empty; leaves one that is not, or is gone. */
  async removeEmptyDirectory(path: string): Promise<void> {
    await this.fs.rmdir(this.#place(path)).catch((error: unknown) => {
      const errno = errnoOf(error) ?? '';
      if (!['ENOTEMPTY', 'EEXIST', 'ENOENT', 'EBUSY'].includes(errno))
        throw diskProblem(error, path);
    });
  }

  /** Root's alone; nothing when it is not there yet. */
  async restrictDirectory(path: string): Promise<void> {
    await this.fs.chmod(this.#place(path), 0o700).catch((error: unknown) => {
      if (errnoOf(error) !== 'ENOENT') throw diskProblem(error, path);
    });
  }

  /** Removes what an interrupted write left beside its place. */
  async removeLeftovers(directory: string): Promise<void> {
    for (const name of await this.list(directory)) {
      if (leftover.test(name)) await this.remove(join(directory, name));
    }
  }

  async #flushDirectory(place: string): Promise<void> {
    const handle = await this.fs.open(place, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  #place(path: string): string {
    return join(this.root, path);
  }
}

function notRegular(path: string): AgentProblem {
  return new AgentProblem(
    'file.not-regular',
    `${path} is a link or no file at all; the agent does not write through it. Remove it or make it a file.`,
  );
}

function tooLarge(path: string): AgentProblem {
  return new AgentProblem('file.too-large', `${path} is larger than ${readMaxBytes} bytes.`);
}

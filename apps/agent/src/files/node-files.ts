/**
 * Brings the files of one config onto the node: arranged and checked, planned against what is there,
 * then done in an order and with a record that a run cut off at any point can be taken up from.
 *
 *     copies of others' work → intention → files → memory
 */
import { dirname } from 'node:path';
import {
  type ArrangeOptions,
  addIntentions,
  agentStateDirectory,
  arrangeNodeFiles,
  type DesiredFile,
  type FileChange,
  type FileDrift,
  type NodeFilesPlan,
  type NodePaths,
  nodePathsOf,
  planNodeFiles,
  type Refusal,
  type WantedFile,
} from '@moorage/core';
import type { DesiredConfig } from '../desired-config.js';
import type { Log } from '../log.js';
import { digestOf } from './digest.js';
import type { KeptCopies } from './kept-copies.js';
import type { NodeDisk } from './node-disk.js';
import type { StateFile } from './state-file.js';

export interface NodeFilesParts {
  readonly disk: NodeDisk;
  readonly state: StateFile;
  readonly copies: KeptCopies;
  readonly log: Log;
  readonly options: Omit<ArrangeOptions, 'madeFor'>;
  readonly now: () => number;
}

export interface ApplyOptions {
  /** A wish of a person to write over hand edits; a new value is a new wish. */
  readonly writeOver: string | null;
  /** Keep what is there before it is touched, for the way back. */
  readonly keepGood: boolean;
}

export interface ApplyOutcome {
  readonly refusal: (Pick<Refusal, 'detail'> & { readonly code: string }) | null;
  readonly drift: readonly FileDrift[];
}

interface Work {
  readonly files: readonly DesiredFile[];
  readonly wanted: readonly WantedFile[];
  readonly plan: NodeFilesPlan;
  readonly hash: string | null;
}

export class NodeFiles {
  readonly #paths: NodePaths;

  constructor(private readonly parts: NodeFilesParts) {
    this.#paths = nodePathsOf(parts.options.distribution);
  }

  async apply(config: DesiredConfig, options: ApplyOptions): Promise<ApplyOutcome> {
    const arranged = arrangeNodeFiles(config.read(), {
      ...this.parts.options,
      madeFor: config.madeFor,
    });
    if (!arranged.ok) return { refusal: arranged.error, drift: await this.drift() };
    const files = arranged.value;
    const { current } = this.parts.state;
    const wanted = files.map(({ path, content }) => ({ path, digest: digestOf(content) }));
    const { left, intended } = current;
    const present = await this.#present([
      ...wanted.map(({ path }) => path),
      ...Object.keys({ ...left, ...intended }),
    ]);
    const isNewWish = options.writeOver !== null && options.writeOver !== current.writtenOver;
    const plan = planNodeFiles({
      wanted,
      present,
      left: new Map(Object.entries(left)),
      intended: new Map(Object.entries(intended)),
      writeOver: isNewWish,
    });
    if (plan.changes.length > 0) {
      if (options.keepGood) await this.#keepGood(present);
      await this.#perform({ files, wanted, plan, hash: config.hash });
    }
    await this.#remember(config.hash, wanted, isNewWish ? options.writeOver : current.writtenOver);
    await this.#restrict(files);
    return { refusal: null, drift: [...plan.drift, ...(await this.#shadows(files))] };
  }

  /** How the node differs from what the agent last left, while nothing new may be written. */
  async drift(): Promise<readonly FileDrift[]> {
    const { left, intended } = this.parts.state.current;
    const wanted = Object.entries(left).flatMap(([path, digest]) =>
      digest === null ? [] : [{ path, digest }],
    );
    const present = await this.#present(wanted.map(({ path }) => path));
    return planNodeFiles({
      wanted,
      present,
      left: new Map(Object.entries(left)),
      intended: new Map(Object.entries(intended)),
      writeOver: false,
    }).drift;
  }

  /** Puts the files back with which the node last started well; answers whether there were any. */
  async goBack(): Promise<boolean> {
    const { disk, copies, state, log } = this.parts;
    const { good } = state.current;
    if (good === null) return false;
    const intended = { ...state.current.intended };
    for (const [path, digest] of Object.entries(good.files)) {
      intended[path] = [...new Set([...(intended[path] ?? []), digest])];
    }
    await state.update({ intended });
    for (const [path, digest] of Object.entries(good.files)) {
      const content = digest === null ? null : await copies.readGood(digest);
      if (content !== null) await disk.write(path, modeOf(path), content);
      else if (digest === null) await this.#remove(path);
      else log.warn('a kept copy is missing or damaged', { path });
    }
    const { left, appliedHash } = good;
    await state.update({ left, appliedHash, intended: {}, replaced: [] });
    return true;
  }

  /** After a good start: what is there now is good, and the way back is no longer needed. */
  async forgetGood(): Promise<void> {
    if (this.parts.state.current.good === null) return;
    await this.parts.state.update({ good: null });
    await this.parts.copies.forgetGood();
  }

  /** Before the first look: what a run that was cut off left beside its files goes. */
  async prepare(): Promise<void> {
    const { disk, copies, state } = this.parts;
    await disk.restrictDirectory(agentStateDirectory);
    const { left, intended } = state.current;
    const directories = Object.keys({ ...left, ...intended }).map(dirname);
    for (const directory of new Set([...directories, ...this.#paths.directories])) {
      await disk.removeLeftovers(directory);
    }
    await copies.removeLeftovers();
  }

  async #present(paths: readonly string[]): Promise<ReadonlyMap<string, string | null>> {
    const found = new Map<string, string | null>();
    for (const path of new Set(paths)) {
      const file = await this.parts.disk.read(path);
      found.set(path, file === null ? null : digestOf(file.content));
    }
    return found;
  }

  /**
   * Until the node has started well, also what a further config is about to touch: the way back leads
   * past all of them.
   */
  async #keepGood(present: ReadonlyMap<string, string | null>): Promise<void> {
    const { disk, copies, state } = this.parts;
    const { appliedHash, left } = state.current;
    const before = state.current.good ?? { appliedHash, left, files: {} };
    const added = [...present].filter(([path]) => !Object.hasOwn(before.files, path));
    if (added.length === 0) return;
    for (const [path] of added) {
      const file = await disk.read(path);
      if (file !== null) await copies.keepGood(file.content);
    }
    const files = { ...before.files, ...Object.fromEntries(added) };
    await state.update({ good: { ...before, files } });
  }

  async #perform({ files, wanted, plan, hash }: Work): Promise<void> {
    const { disk, copies, state, log } = this.parts;
    const kept = await this.#backUp(plan.changes.filter(({ keep }) => keep));
    const { replaced, replacedFor, intended } = state.current;
    // A run that was cut off may have kept the same file before.
    const before = (hash === replacedFor ? replaced : []).filter(
      ({ path }) => !kept.some((each) => each.path === path),
    );
    await state.update({
      intended: addIntentions(intended, plan, wanted),
      replaced: [...before, ...kept].slice(-100),
      replacedFor: hash,
    });
    await copies.forgetOld(new Set([...before, ...kept].map(({ backup }) => backup)));
    for (const { path, action } of plan.changes) {
      const file = files.find((each) => each.path === path);
      if (action === 'remove') await this.#remove(path);
      else if (file !== undefined) {
        await disk.write(path, Number.parseInt(file.mode, 8), file.content);
      }
      log.info(action === 'remove' ? 'file removed' : 'file written', { path });
    }
  }

  async #backUp(changes: readonly FileChange[]): Promise<{ path: string; backup: string }[]> {
    const { disk, copies, now } = this.parts;
    const kept: { path: string; backup: string }[] = [];
    for (const { path } of changes) {
      const file = await disk.read(path);
      if (file === null) continue;
      kept.push({ path, backup: await copies.backUp(path, file.content, now()) });
    }
    return kept;
  }

  async #remove(path: string): Promise<void> {
    await this.parts.disk.remove(path);
    const directory = dirname(path);
    if (!this.#paths.directories.includes(directory)) {
      await this.parts.disk.removeEmptyDirectory(directory);
    }
  }

  async #remember(
    appliedHash: string | null,
    wanted: readonly WantedFile[],
    writtenOver: string | null,
  ): Promise<void> {
    const { state } = this.parts;
    const left = Object.fromEntries(wanted.map(({ path, digest }) => [path, digest]));
    const isNew = appliedHash !== state.current.replacedFor;
    const replaced = isNew ? { replaced: [], replacedFor: appliedHash } : {};
    const done = { appliedHash, left, intended: {}, writtenOver, ...replaced };
    const next = { ...state.current, ...done };
    if (JSON.stringify(next) !== JSON.stringify(state.current)) await state.update(done);
  }

  /**
   * Files with secrets are root's alone, also those that were there before and those that were edited.
   * So is a folder that holds nothing but what we wrote; others keep their permissions.
   */
  async #restrict(files: readonly DesiredFile[]): Promise<void> {
    const { disk } = this.parts;
    for (const { path, mode } of files) if (mode === '0600') await disk.tighten(path, 0o600);
    const directory = dirname(this.#paths.loginsFile);
    const ours = new Set(files.map(({ path }) => path));
    if (!ours.has(this.#paths.loginsFile)) return;
    const names = await disk.list(directory);
    const isOurs = (name: string) =>
      ours.has(`${directory}/${name}`) || `${directory}/${name}` === this.#paths.tlsDirectory;
    if (names.every(isOurs)) await disk.restrictDirectory(directory);
  }

  /** containerd looks for `host_port_` before `host:port`: a file there takes the place of ours. */
  async #shadows(files: readonly DesiredFile[]): Promise<readonly FileDrift[]> {
    const shadows: FileDrift[] = [];
    for (const { kind, path } of files) {
      const port = kind === 'hosts' ? /^(.*):(\d+)\/hosts\.toml$/.exec(path) : null;
      if (port === null) continue;
      const shadow = `${port[1]}_${port[2]}_/hosts.toml`;
      if ((await this.parts.disk.read(shadow)) !== null) {
        shadows.push({ path: shadow, change: 'added' });
      }
    }
    return shadows;
  }
}

/** As they are when they are written; see `arrange-node-files.ts` in core. */
function modeOf(path: string): number {
  return path.endsWith('/hosts.toml') || path.endsWith('.crt') ? 0o644 : 0o600;
}

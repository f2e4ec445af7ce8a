/**
 * The objects of one selection as last seen, each with its resource version, and the version up
 * to which everything has been seen (`progress`). Nothing older ever replaces something newer: an
 * event at or below `progress` has been seen already, whoever repeats it.
 */
import { compareResourceVersions, isOlder } from './resource-version.js';

export interface ListedItem<T> {
  readonly key: string;
  readonly item: T;
  readonly resourceVersion: string;
}

export type OnChange<T> = (key: string, item: T | undefined) => void;

export class VersionedItems<T> {
  readonly items = new Map<string, T>();
  readonly #versions = new Map<string, string>();
  readonly #onChange: OnChange<T>;
  #progress: string | null = null;

  constructor(onChange: OnChange<T>) {
    this.#onChange = onChange;
  }

  get progress(): string | null {
    return this.#progress;
  }

  /** Whether this version, or a newer one, is in the picture or has been: it is no news. */
  isKnown(key: string, resourceVersion: string): boolean {
    if (this.#isSeen(resourceVersion)) return true;
    const held = this.#versions.get(key);
    return held !== undefined && (held === resourceVersion || isOlder(resourceVersion, held));
  }

  /** What is held of exactly this version. */
  heldAt(key: string, resourceVersion: string): T | undefined {
    return this.#versions.get(key) === resourceVersion ? this.items.get(key) : undefined;
  }

  /** A watch event; returns whether it was news. */
  apply(key: string, item: T | undefined, resourceVersion: string): boolean {
    if (this.#isSeen(resourceVersion)) return false;
    this.#progress = resourceVersion;
    const held = this.#versions.get(key);
    if (held !== undefined && isOlder(resourceVersion, held)) return false;
    // Our own write, absorbed before: the picture is already this one.
    if (item !== undefined && held === resourceVersion) return false;
    if (item === undefined && held === undefined) return false;
    this.#set(key, item, resourceVersion);
    this.#onChange(key, item);
    return true;
  }

  advance(resourceVersion: string): void {
    if (!this.#isSeen(resourceVersion)) this.#progress = resourceVersion;
  }

  /** The reply of our own write: newer than all events so far, or already seen. */
  absorb(key: string, item: T, resourceVersion: string): void {
    if (this.#isSeen(resourceVersion)) return;
    const held = this.#versions.get(key);
    if (held === undefined || isOlder(held, resourceVersion)) this.#set(key, item, resourceVersion);
  }

  /** A complete list: changes are reported, and what vanished. */
  replace(listed: readonly ListedItem<T>[], resourceVersion: string): void {
    const isOtherHistory = this.#progress !== null && isOlder(resourceVersion, this.#progress);
    const present = new Set<string>();
    this.#progress = resourceVersion;
    for (const entry of listed) {
      present.add(entry.key);
      const held = this.#versions.get(entry.key);
      if (held === entry.resourceVersion) continue;
      if (!isOtherHistory && held !== undefined && isOlder(entry.resourceVersion, held)) continue;
      this.#set(entry.key, entry.item, entry.resourceVersion);
      this.#onChange(entry.key, entry.item);
    }
    for (const [key, version] of this.#versions) {
      if (present.has(key)) continue;
      // Absorbed after the list was read: its event is still to come.
      if (!isOtherHistory && isOlder(resourceVersion, version)) continue;
      this.#set(key, undefined, version);
      this.#onChange(key, undefined);
    }
  }

  #isSeen(resourceVersion: string): boolean {
    if (this.#progress === null) return false;
    const order = compareResourceVersions(resourceVersion, this.#progress);
    return order !== null && order <= 0;
  }

  #set(key: string, item: T | undefined, resourceVersion: string): void {
    if (item === undefined) {
      this.items.delete(key);
      this.#versions.delete(key);
    } else {
      this.items.set(key, item);
      this.#versions.set(key, resourceVersion);
    }
  }
}

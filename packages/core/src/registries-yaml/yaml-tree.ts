/**
 * Reads the first document of a YAML text into a tree, as the nodes do: with the rules of go-yaml v2.
 * What follows the first document is not looked at, not even for faults.
 *
 * Source: gopkg.in/yaml.v2 v2.4.0 `decode.go` (`parser`).
 *
 * Does not handle: what values mean (`yaml-scalar.ts`, `decoder.ts`). Aliases stay references, so that
 * the size of the tree is bounded by that of the text.
 */
import { Err, Ok, type Result } from '../result.js';
import type { Position } from './diagnostic.js';
import type { LoadProblem } from './load-problem.js';
import type { YamlEvent } from './yaml/event.js';
import { Parser } from './yaml/parser.js';
import type { Mark } from './yaml/text-cursor.js';
import { YamlFault } from './yaml/token.js';

export type YamlContent = YamlScalar | YamlList | YamlMapping;
export type YamlNode = YamlContent | YamlAlias;

export interface YamlScalar extends Position {
  readonly kind: 'scalar';
  readonly text: string;
  /** Neither quoted nor tagged: may be null, a boolean or a merge key. */
  readonly isPlain: boolean;
  /** In full; empty when none is written. */
  readonly tag: string;
}

export interface YamlList extends Position {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
}

export interface YamlEntry {
  readonly key: YamlNode;
  readonly value: YamlNode;
}

export interface YamlMapping extends Position {
  readonly kind: 'mapping';
  readonly entries: readonly YamlEntry[];
}

export interface YamlAlias extends Position {
  readonly kind: 'alias';
  /** May be a list or a mapping that holds this alias. */
  readonly target: YamlContent;
}

export interface YamlTree {
  /** Null for an empty text. */
  readonly root: YamlNode | null;
  /** Where something follows the first document; nodes ignore it. */
  readonly ignoredFrom: Position | null;
}

export interface YamlProblem {
  readonly at: Position;
  readonly problem: LoadProblem;
}

/**
 * A thousand registries with mirrors and logins take about 200 KiB; the checker's own rules take seconds
 * for several megabytes, and nobody else is served meanwhile.
 */
export const documentMaxBytes = 512 * 1024;

/** Reads a text of at most `documentMaxBytes`. */
export function readYaml(text: string): Result<YamlTree, YamlProblem> {
  const raw = findUnreadableCharacter(text);
  if (raw !== null) {
    return Err({ at: raw, problem: 'control' });
  }
  try {
    const parser = new Parser(text);
    if (parser.next().kind === 'stream-end') {
      return Ok({ root: null, ignoredFrom: null });
    }
    const builder = new TreeBuilder();
    for (let event = parser.next(); event.kind !== 'document-end'; event = parser.next()) {
      builder.add(event);
    }
    return Ok({ root: builder.root, ignoredFrom: findRest(parser) });
  } catch (error) {
    if (error instanceof YamlFault) {
      return Err({ at: positionOf(error.mark), problem: error.problem });
    }
    throw error;
  }
}

export function positionOf(mark: Mark): Position {
  return { line: mark.line + 1, column: mark.column + 1 };
}

function findRest(parser: Parser): Position | null {
  try {
    const { kind, start } = parser.next();
    return kind === 'document-start' ? positionOf(start) : null;
  } catch (error) {
    // Not even YAML: ignored all the same.
    return error instanceof YamlFault ? positionOf(error.mark) : null;
  }
}

interface OpenList {
  readonly items: YamlNode[];
}

interface OpenMapping {
  readonly entries: YamlEntry[];
  key: YamlNode | null;
}

class TreeBuilder {
  root: YamlNode | null = null;
  readonly #anchors = new Map<string, YamlContent>();
  readonly #open: (OpenList | OpenMapping)[] = [];

  add(event: YamlEvent): void {
    switch (event.kind) {
      case 'scalar': {
        const { text, isPlain, tag } = event;
        this.#attach(event, { kind: 'scalar', text, isPlain, tag, ...positionOf(event.start) });
        break;
      }
      case 'list': {
        const items: YamlNode[] = [];
        this.#attach(event, { kind: 'list', items, ...positionOf(event.start) });
        this.#open.push({ items });
        break;
      }
      case 'mapping': {
        const entries: YamlEntry[] = [];
        this.#attach(event, { kind: 'mapping', entries, ...positionOf(event.start) });
        this.#open.push({ entries, key: null });
        break;
      }
      case 'alias':
        this.#place({ kind: 'alias', target: this.#find(event), ...positionOf(event.start) });
        break;
      default:
        this.#open.pop();
    }
  }

  #find({ name, start }: YamlEvent & { kind: 'alias' }): YamlContent {
    const target = this.#anchors.get(name);
    if (target === undefined) {
      throw new YamlFault('anchor', start);
    }
    return target;
  }

  #attach({ anchor }: { readonly anchor: string | null }, node: YamlContent): void {
    if (anchor !== null) {
      this.#anchors.set(anchor, node);
    }
    this.#place(node);
  }

  #place(node: YamlNode): void {
    const parent = this.#open.at(-1);
    if (parent === undefined) {
      this.root = node;
    } else if ('items' in parent) {
      parent.items.push(node);
    } else if (parent.key === null) {
      parent.key = node;
    } else {
      parent.entries.push({ key: parent.key, value: node });
      parent.key = null;
    }
  }
}

// What go-yaml's reader refuses raw, and half a surrogate pair, which is no text at all.
const unreadable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the rule is about control characters.
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u0080-\u0084\u0086-\u009f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

function findUnreadableCharacter(text: string): Position | null {
  const index = text.search(unreadable);
  if (index < 0) {
    return null;
  }
  const before = text.slice(0, index).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

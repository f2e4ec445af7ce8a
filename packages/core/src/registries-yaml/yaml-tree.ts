/**
 * Reads YAML as the nodes do: with the rules of Go's `yaml.v2`, not strict. Only the first document
 * counts; scalars keep their source text; YAML 1.1 decides what is null or a boolean.
 *
 * Sources: gopkg.in/yaml.v2 v2.4.0 (`readerc.go`, `scannerc.go`, `resolve.go`, `decode.go`).
 *
 * Does not handle: every corner in which the JavaScript parser underneath and yaml.v2 disagree on
 * malformed text. The known ones (control characters, directives, the escape `\/`) are checked here.
 */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import { Err, Ok, type Result } from '../result.js';
import type { Position } from './diagnostic.js';
import {
  findBareStar,
  findUnreadableCharacter,
  hasForeignEscape,
  problemOfFault,
  type YamlProblem,
} from './yaml-faults.js';

export type YamlNode = YamlScalar | YamlList | YamlMapping;

export interface YamlScalar extends Position {
  readonly kind: 'scalar';
  /** The text after unescaping and folding; numbers and booleans as written. */
  readonly text: string;
  /** Quoted, block or tagged as a string: never null, boolean or a merge key. */
  readonly isText: boolean;
  readonly tag: string | null;
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

export interface YamlTree {
  /** Null for an empty document. */
  readonly root: YamlNode | null;
  /** Where a second document begins; nodes ignore it. */
  readonly secondDocument: Position | null;
}

/**
 * A thousand registries with mirrors and logins take about 200 KiB. The parser needs seconds for a
 * megabyte, and nobody else is served meanwhile.
 */
export const documentMaxBytes = 512 * 1024;

// An honest file has a few thousand nodes. yaml.v2 gives up on heavy aliasing as well; the exact
// figure differs, the purpose (an alias bomb must not eat the memory) is the same.
const maxNodes = 200_000;

const start: Position = { line: 1, column: 1 };

/** Reads a document of at most `documentMaxBytes`. */
export function readYaml(text: string): Result<YamlTree, YamlProblem> {
  const raw = findUnreadableCharacter(text);
  if (raw !== null) {
    return Err({ at: raw, problem: 'control' });
  }
  try {
    return parseTree(text);
  } catch (error) {
    // The parser is recursive: nesting beyond any honest file ends its stack.
    return Err(error instanceof TreeError ? error.problem : { at: start, problem: 'deep' });
  }
}

class TreeError extends Error {
  constructor(readonly problem: YamlProblem) {
    super(problem.problem);
  }
}

function parseTree(text: string): Result<YamlTree, YamlProblem> {
  const lines = new LineCounter();
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const documents = parseAllDocuments(text.replace(/^\ufeff/, ''), {
    version: '1.1',
    schema: 'failsafe',
    uniqueKeys: false,
    merge: false,
    keepSourceTokens: true,
    prettyErrors: false,
    lineCounter: lines,
    logLevel: 'silent',
  });
  const [first, second] = Array.isArray(documents) ? documents : [];
  if (first === undefined) {
    return Ok({ root: null, secondDocument: null });
  }
  const fault: YAMLError | undefined = first.errors[0] ?? first.warnings.find(isFatalWarning);
  if (fault !== undefined) {
    return Err(findBareStar(text) ?? { at: at(fault.pos[0]), problem: problemOfFault(fault.code) });
  }
  const declared = first.directives.yaml;
  if (declared.explicit && declared.version !== '1.1') {
    return Err({ at: start, problem: 'directive' });
  }
  const reader = new TreeReader(text, at);
  const root = first.contents === null ? null : reader.read(first.contents as Node);
  return Ok({ root, secondDocument: second === undefined ? null : at(second.range[0]) });
}

function isFatalWarning(warning: YAMLError): boolean {
  return warning.code === 'BAD_DIRECTIVE';
}

class TreeReader {
  readonly #anchors = new Map<string, YamlNode>();
  #count = 0;

  constructor(
    readonly text: string,
    readonly at: (offset: number) => Position,
  ) {}

  read(node: Node): YamlNode {
    const position = this.at(node.range?.[0] ?? 0);
    this.#count += 1;
    if (this.#count > maxNodes) {
      throw new TreeError({ at: position, problem: 'many' });
    }
    if (isAlias(node)) {
      return this.#alias(node.source, position);
    }
    const read = this.#readContent(node, position);
    if (!isAlias(node) && 'anchor' in node && typeof node.anchor === 'string') {
      this.#anchors.set(node.anchor, read);
    }
    return read;
  }

  #readContent(node: Node, position: Position): YamlNode {
    if (isMap(node)) {
      this.#refuseGluedKeys(node);
      const entries = node.items.map((pair) => ({
        key: this.#readPart(pair.key, position),
        value: this.#readPart(pair.value, this.#endOf(pair.key, position)),
      }));
      return { ...position, kind: 'mapping', entries };
    }
    if (isSeq(node)) {
      const items = node.items.map((item) => this.#readPart(item, position));
      return { ...position, kind: 'list', items };
    }
    return this.#scalar(node, position);
  }

  // In brackets yaml.v2 ends an unquoted key only at a colon with a blank behind it, so JSON with a
  // lost quote does not load there.
  #refuseGluedKeys(map: YAMLMap): void {
    for (const { key } of map.items) {
      const end = isScalar(key) && key.type === 'PLAIN' ? (key.range?.[1] ?? 0) : -1;
      if (map.flow && end > 0 && /^:["'[{]/.test(this.text.slice(end, end + 2))) {
        throw new TreeError({ at: this.at(end), problem: 'glued' });
      }
    }
  }

  #readPart(part: unknown, fallback: Position): YamlNode {
    const isNode = isScalar(part) || isMap(part) || isSeq(part) || isAlias(part);
    return isNode
      ? this.read(part)
      : { ...fallback, kind: 'scalar', text: '', isText: false, tag: null };
  }

  #endOf(part: unknown, fallback: Position): Position {
    return isScalar(part) && part.range ? this.at(part.range[0]) : fallback;
  }

  #alias(name: string, position: Position): YamlNode {
    const target = this.#anchors.get(name);
    if (target === undefined) {
      throw new TreeError({ at: position, problem: 'anchor' });
    }
    this.#count += countNodes(target, maxNodes - this.#count);
    return target;
  }

  #scalar(node: Node, position: Position): YamlScalar {
    if (!isScalar(node)) {
      return { ...position, kind: 'scalar', text: '', isText: false, tag: null };
    }
    const [from = 0, to = 0] = node.range ?? [];
    if (node.type === 'QUOTE_DOUBLE' && hasForeignEscape(this.text.slice(from, to))) {
      throw new TreeError({ at: position, problem: 'escape' });
    }
    const tag = node.tag ?? null;
    const isPlain = node.type === 'PLAIN' || node.type === undefined;
    const text = typeof node.value === 'string' ? node.value : (node.source ?? '');
    return { ...position, kind: 'scalar', text, isText: !isPlain || tag === stringTag, tag };
  }
}

const stringTag = 'tag:yaml.org,2002:str';

function childrenOf(node: YamlNode): readonly YamlNode[] {
  if (node.kind === 'mapping') {
    return node.entries.flatMap(({ key, value }) => [key, value]);
  }
  return node.kind === 'list' ? node.items : [];
}

function countNodes(node: YamlNode, limit: number): number {
  const pending = [node];
  let count = 0;
  for (let next = pending.pop(); next !== undefined && count <= limit; next = pending.pop()) {
    count += 1;
    for (const child of childrenOf(next)) {
      pending.push(child);
    }
  }
  return count;
}

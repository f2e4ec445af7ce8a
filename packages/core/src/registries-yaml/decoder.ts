/**
 * Decodes a YAML tree into fixed fields, maps, lists, texts and booleans with the leniency of go-yaml v2:
 * null is the empty value everywhere, numbers keep their text, unknown and duplicate keys are accepted.
 * Type errors are collected, not thrown: the node reports all of them at once.
 *
 * Source: gopkg.in/yaml.v2 v2.4.0 `decode.go` (`decoder`).
 *
 * Does not handle: values below unknown keys; go-yaml does not look at them either.
 */
import { shown, visibleText } from '../finding-parameters.js';
import { DecodeCount } from './decode-count.js';
import { type Finding, found, type PathSegment, type Position } from './diagnostic.js';
import {
  describeLoadProblem,
  describeType,
  type LoadProblem,
  type wantedKinds,
} from './load-problem.js';
import type { EndpointText } from './registries-file.js';
import { explainUnknownKey } from './unknown-key.js';
import { isMergeKey, leavesOut, resolveScalar } from './yaml-scalar.js';
import type { YamlContent, YamlEntry, YamlNode } from './yaml-tree.js';

type Path = readonly PathSegment[];
type FieldReader = (value: YamlNode, path: Path, keyAt: Position) => void;
export type FieldReaders = Readonly<Record<string, FieldReader>>;

// People read the first few; a file that gives more is broken as a whole.
export const maxFindings = 10_000;

/** Ends the decoding: go-yaml does not go on after these either. */
export class DecodeFault extends Error {
  constructor(
    readonly problem: LoadProblem,
    readonly at: Position,
  ) {
    super(problem);
  }
}

export class Decoder {
  readonly errors: Finding[] = [];
  readonly findings: Finding[] = [];
  readonly #count = new DecodeCount();
  #isCut = false;

  /** Whether findings were left out. */
  get isCut(): boolean {
    return this.#isCut;
  }

  note(finding: Finding): void {
    if (this.findings.length < maxFindings) {
      this.findings.push(finding);
    } else {
      this.#isCut = true;
    }
  }

  /** Reads known fields; null for a value that resets all of them. */
  struct(node: YamlNode, path: Path, fields: FieldReaders): 'read' | null {
    const seen = new Set<string>();
    return this.#entries(node, path, ({ key, value }) => {
      const at = positionOf(key);
      const name = this.#keyText(key, path);
      if (name === null) {
        return;
      }
      const reader = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (reader === undefined) {
        this.note(explainUnknownKey(path, name, at, Object.keys(fields)));
        return;
      }
      this.#noteDuplicate(seen, name, path, at);
      reader(value, [...path, name], at);
    });
  }

  /** Reads the entries of a map; null for a value that empties it. */
  map(
    node: YamlNode,
    path: Path,
    read: (name: string, value: YamlNode, keyAt: Position) => void,
  ): 'read' | null {
    const seen = new Set<string>();
    return this.#entries(node, path, ({ key, value }) => {
      const name = this.#keyText(key, path);
      if (name !== null) {
        this.#noteDuplicate(seen, name, path, positionOf(key));
        read(name, value, positionOf(key));
      }
    });
  }

  texts(node: YamlNode, path: Path): readonly EndpointText[] {
    return this.#visit(node, (content) => {
      if (this.#isNull(content)) {
        return [];
      }
      if (content.kind !== 'list') {
        this.#wrongType(path, content, 'list');
        return [];
      }
      return content.items.map((item, index) => ({
        text: this.text(item, [...path, index]),
        at: positionOf(item),
      }));
    });
  }

  text(node: YamlNode, path: Path): string {
    return this.#visit(node, (content) => {
      if (content.kind !== 'scalar') {
        this.#wrongType(path, content, 'text');
        return '';
      }
      const value = this.#resolve(content);
      return value.kind === 'null' ? '' : value.kind === 'text' ? value.text : content.text;
    });
  }

  boolean(node: YamlNode, path: Path): boolean {
    return this.#visit(node, (content) => {
      const value = content.kind === 'scalar' ? this.#resolve(content) : { kind: 'text' as const };
      if (value.kind === 'null') {
        return false;
      }
      if (content.kind !== 'scalar' || value.kind !== 'boolean') {
        this.#wrongType(path, content, 'boolean');
        return false;
      }
      if (!/^(?:true|false)$/i.test(content.text)) {
        this.note(looseBoolean(path, content, value.value));
      }
      return value.value;
    });
  }

  /** What leaves an optional part out; other spellings of null make it an empty one. */
  isLeftOut(node: YamlNode): boolean {
    const content = node.kind === 'alias' ? node.target : node;
    return content.kind === 'scalar' && leavesOut(content);
  }

  #visit<T>(node: YamlNode, read: (content: YamlContent) => T): T {
    if (!this.#count.add()) {
      throw new DecodeFault('many', positionOf(node));
    }
    if (node.kind !== 'alias') {
      return read(node);
    }
    if (!this.#count.enter(node)) {
      throw new DecodeFault('recursion', positionOf(node));
    }
    const result = this.#visit(node.target, read);
    this.#count.leave(node);
    return result;
  }

  #entries(node: YamlNode, path: Path, read: (entry: YamlEntry) => void): 'read' | null {
    return this.#visit(node, (content) => {
      if (this.#isNull(content)) {
        return null;
      }
      if (content.kind !== 'mapping') {
        this.#wrongType(path, content, 'mapping');
        return 'read';
      }
      for (const entry of content.entries) {
        if (isMergeKey(entry.key)) {
          this.#merge(entry, path, read);
        } else {
          read(entry);
        }
      }
      return 'read';
    });
  }

  // A merge is applied where it stands: keys after it win, keys before it lose. In a list of
  // mappings the earlier one wins.
  #merge({ key, value }: YamlEntry, path: Path, read: (entry: YamlEntry) => void): void {
    const sources = value.kind === 'list' ? value.items.toReversed() : [value];
    for (const source of sources) {
      const content = source.kind === 'alias' ? source.target : source;
      if (content.kind !== 'mapping') {
        throw new DecodeFault('merge', positionOf(key));
      }
      this.#entries(source, path, read);
    }
  }

  #keyText(key: YamlNode, path: Path): string | null {
    return this.#visit(key, (content) => {
      if (content.kind !== 'scalar') {
        this.#wrongType(path, content, 'key');
        return null;
      }
      const value = this.#resolve(content);
      return value.kind === 'null' ? '' : value.kind === 'text' ? value.text : content.text;
    });
  }

  #resolve(content: YamlContent & { kind: 'scalar' }) {
    const value = resolveScalar(content);
    if (value.kind === 'fault') {
      throw new DecodeFault('tag', positionOf(content));
    }
    return value;
  }

  #isNull(content: YamlContent): boolean {
    return content.kind === 'scalar' && this.#resolve(content).kind === 'null';
  }

  #noteDuplicate(seen: Set<string>, name: string, path: Path, at: Position): void {
    if (seen.has(name)) {
      this.note(
        found('warning', 'duplicate-key', [...path, name], at, {
          message: `The key ${shown(name)} occurs more than once; nodes accept that and the later one wins.`,
          suggestion: 'Write each key once.',
          parameters: { key: visibleText(name) },
        }),
      );
    }
    seen.add(name);
  }

  #wrongType(path: Path, content: YamlContent, wanted: keyof typeof wantedKinds): void {
    if (this.errors.length < maxFindings) {
      this.errors.push(
        found('error', 'load-error', path, content, {
          message: `The node cannot load this file: ${describeType(wanted, content.kind)}.`,
          ...(wanted === 'list' && { suggestion: 'Write endpoint as a list: - "https://…"' }),
          parameters: { problem: 'type', wanted, found: content.kind },
        }),
      );
    }
  }
}

export function loadError(at: Position, problem: LoadProblem): Finding {
  return found('error', 'load-error', [], at, {
    message: `The node cannot load this file: ${describeLoadProblem(problem)}.`,
    parameters: { problem, wanted: '', found: '' },
  });
}

function looseBoolean(
  path: Path,
  { text, line, column }: YamlContent & { kind: 'scalar' },
  value: boolean,
) {
  return found(
    'info',
    'loose-boolean',
    path,
    { line, column },
    {
      message: `${shown(text)} means ${value} here, by the rules of YAML 1.1.`,
      suggestion: `Write ${value}.`,
      parameters: { written: visibleText(text), meaning: String(value) },
    },
  );
}

function positionOf({ line, column }: Position): Position {
  return { line, column };
}

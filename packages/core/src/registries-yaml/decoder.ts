/**
 * Decodes a YAML tree into fixed fields, maps, lists, texts and booleans with the leniency of Go's
 * `yaml.v2`: null is the empty value everywhere, numbers keep their text, unknown and duplicate keys
 * are accepted. Type errors are collected, not thrown: the node reports all of them at once.
 *
 * Source: gopkg.in/yaml.v2 v2.4.0 `decode.go`.
 *
 * Does not handle: explicit tags other than `!!str`, `!!bool` and `!!binary`.
 */
import { shown, visibleText } from '../finding-parameters.js';
import { decodeUtf8Base64 } from '../utf8-base64.js';
import { type Finding, found, type PathSegment, type Position } from './diagnostic.js';
import {
  describeLoadProblem,
  describeType,
  type LoadProblem,
  type wantedKinds,
} from './load-problem.js';
import type { EndpointText } from './registries-file.js';
import { explainUnknownKey } from './unknown-key.js';
import { booleanOf, isMergeKey, isNull } from './yaml-scalar.js';
import type { YamlEntry, YamlNode } from './yaml-tree.js';

type Path = readonly PathSegment[];
type FieldReader = (value: YamlNode, path: Path, keyAt: Position) => void;
export type FieldReaders = Readonly<Record<string, FieldReader>>;

// Merge keys may nest; a chain longer than this is a bomb, not a configuration.
const maxMergeDepth = 20;

export class Decoder {
  readonly errors: Finding[] = [];
  readonly findings: Finding[] = [];

  struct(node: YamlNode, path: Path, fields: FieldReaders): void {
    const seen = new Set<string>();
    for (const { key, value } of this.#entries(node, path, 'mapping')) {
      const name = this.#keyText(key, path);
      const reader = name === null || !Object.hasOwn(fields, name) ? undefined : fields[name];
      if (name === null) {
        continue;
      }
      if (reader === undefined) {
        this.findings.push(explainUnknownKey(path, name, key, Object.keys(fields)));
        continue;
      }
      this.#noteDuplicate(seen, name, path, key);
      reader(value, [...path, name], key);
    }
  }

  map(
    node: YamlNode,
    path: Path,
    read: (name: string, value: YamlNode, keyAt: Position) => void,
  ): void {
    const seen = new Set<string>();
    for (const { key, value } of this.#entries(node, path, 'mapping')) {
      const name = this.#keyText(key, path);
      if (name !== null) {
        this.#noteDuplicate(seen, name, path, key);
        read(name, value, key);
      }
    }
  }

  texts(node: YamlNode, path: Path): readonly EndpointText[] {
    if (isNull(node)) {
      return [];
    }
    if (node.kind !== 'list') {
      this.#wrongType(path, node, 'list');
      return [];
    }
    return node.items.map((item, index) => ({
      text: this.text(item, [...path, index]),
      at: { line: item.line, column: item.column },
    }));
  }

  text(node: YamlNode, path: Path): string {
    if (node.kind !== 'scalar') {
      this.#wrongType(path, node, 'text');
      return '';
    }
    if (node.tag === 'tag:yaml.org,2002:binary') {
      return decodeUtf8Base64(node.text.replace(/\s/g, '')) ?? '';
    }
    return isNull(node) ? '' : node.text;
  }

  boolean(node: YamlNode, path: Path): boolean {
    const value = booleanOf(node);
    if (value === null && !isNull(node)) {
      this.#wrongType(path, node, 'boolean');
    }
    if (value !== null && node.kind === 'scalar' && !/^(?:true|false)$/i.test(node.text)) {
      this.findings.push(
        found('info', 'loose-boolean', path, node, {
          message: `${shown(node.text)} means ${value} here, by the rules of YAML 1.1.`,
          suggestion: `Write ${value}.`,
          parameters: { written: visibleText(node.text), meaning: String(value) },
        }),
      );
    }
    return value ?? false;
  }

  #entries(
    node: YamlNode,
    path: Path,
    wanted: keyof typeof wantedKinds,
    depth = 0,
  ): readonly YamlEntry[] {
    if (isNull(node)) {
      return [];
    }
    if (node.kind !== 'mapping') {
      this.#wrongType(path, node, wanted);
      return [];
    }
    return node.entries.flatMap((entry) =>
      isMergeKey(entry.key) ? this.#merged(entry, path, depth) : [entry],
    );
  }

  // A merge is applied where it stands: keys after it win, keys before it lose. In a list of
  // mappings the earlier one wins.
  #merged({ key, value }: YamlEntry, path: Path, depth: number): readonly YamlEntry[] {
    const sources = value.kind === 'list' ? value.items.toReversed() : [value];
    if (depth >= maxMergeDepth || sources.some((source) => source.kind !== 'mapping')) {
      this.errors.push(loadError(path, key, 'merge'));
      return [];
    }
    return sources.flatMap((source) => this.#entries(source, path, 'mapping', depth + 1));
  }

  #keyText(key: YamlNode, path: Path): string | null {
    if (key.kind !== 'scalar') {
      this.#wrongType(path, key, 'key');
      return null;
    }
    return this.text(key, path);
  }

  #noteDuplicate(seen: Set<string>, name: string, path: Path, at: Position): void {
    if (seen.has(name)) {
      this.findings.push(
        found('warning', 'duplicate-key', [...path, name], at, {
          message: `The key ${shown(name)} occurs more than once; nodes accept that and the later one wins.`,
          suggestion: 'Write each key once.',
          parameters: { key: visibleText(name) },
        }),
      );
    }
    seen.add(name);
  }

  #wrongType(path: Path, node: YamlNode, wanted: keyof typeof wantedKinds): void {
    this.errors.push(
      found('error', 'load-error', path, node, {
        message: `The node cannot load this file: ${describeType(wanted, node.kind)}.`,
        ...(wanted === 'list' && { suggestion: 'Write endpoint as a list: - "https://…"' }),
        parameters: { problem: 'type', wanted, found: node.kind },
      }),
    );
  }
}

export function loadError(path: Path, at: Position, problem: LoadProblem): Finding {
  return found('error', 'load-error', path, at, {
    message: `The node cannot load this file: ${describeLoadProblem(problem)}.`,
    parameters: { problem, wanted: '', found: '' },
  });
}

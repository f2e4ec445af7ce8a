/**
 * Decodes a YAML tree into fixed fields, maps, lists, texts and booleans with the leniency of Go's
 * `yaml.v2`: null is the empty value everywhere, numbers keep their text, unknown and duplicate keys
 * are accepted. Type errors are collected, not thrown: the node reports all of them at once.
 *
 * Source: gopkg.in/yaml.v2 v2.4.0 `decode.go`.
 *
 * Does not handle: explicit tags other than `!!str`, `!!bool` and `!!binary`.
 */
import { decodeUtf8Base64 } from '../utf8-base64.js';
import type { Finding, PathSegment, Position, Severity } from './diagnostic.js';
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
    for (const { key, value } of this.#entries(node, path, 'a mapping')) {
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
    for (const { key, value } of this.#entries(node, path, 'a mapping')) {
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
      this.#wrongType(path, node, 'a list');
      return [];
    }
    return node.items.map((item, index) => ({
      text: this.text(item, [...path, index]),
      at: { line: item.line, column: item.column },
    }));
  }

  text(node: YamlNode, path: Path): string {
    if (node.kind !== 'scalar') {
      this.#wrongType(path, node, 'a text');
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
      this.#wrongType(path, node, 'true or false without quotes');
    }
    if (value !== null && node.kind === 'scalar' && !/^(?:true|false)$/i.test(node.text)) {
      this.note(
        'info',
        'loose-boolean',
        path,
        node,
        `\`${node.text}\` means ${value} here, by the rules of YAML 1.1.`,
        `Write ${value}.`,
      );
    }
    return value ?? false;
  }

  note(
    severity: Severity,
    code: string,
    path: Path,
    at: Position,
    message: string,
    suggestion?: string,
  ): void {
    this.findings.push({
      severity,
      code: `registries-yaml.${code}`,
      path,
      at: { line: at.line, column: at.column },
      message,
      ...(suggestion !== undefined && { suggestion }),
    });
  }

  #entries(node: YamlNode, path: Path, wanted: string, depth = 0): readonly YamlEntry[] {
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
      this.#fail(path, key, 'a merge (<<) takes a mapping or a list of mappings');
      return [];
    }
    return sources.flatMap((source) => this.#entries(source, path, 'a mapping', depth + 1));
  }

  #keyText(key: YamlNode, path: Path): string | null {
    if (key.kind !== 'scalar') {
      this.#wrongType(path, key, 'a text as key');
      return null;
    }
    return this.text(key, path);
  }

  #noteDuplicate(seen: Set<string>, name: string, path: Path, at: Position): void {
    if (seen.has(name)) {
      const shown = JSON.stringify(name);
      this.note(
        'warning',
        'duplicate-key',
        [...path, name],
        at,
        `The key ${shown} occurs more than once; nodes accept that and the later one wins.`,
        'Write each key once.',
      );
    }
    seen.add(name);
  }

  #wrongType(path: Path, node: YamlNode, wanted: string): void {
    const found = { scalar: 'a single value', list: 'a list', mapping: 'a mapping' }[node.kind];
    this.#fail(path, node, `${wanted} is needed here, not ${found}`);
  }

  #fail(path: Path, at: Position, message: string): void {
    this.errors.push({
      severity: 'error',
      code: 'registries-yaml.load-error',
      path,
      at: { line: at.line, column: at.column },
      message: `The node cannot load this file: ${message}.`,
      ...(path.at(-1) === 'endpoint' && { suggestion: 'Write endpoint as a list: - "https://…"' }),
    });
  }
}

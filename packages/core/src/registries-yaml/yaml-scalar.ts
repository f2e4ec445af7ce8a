/**
 * What a plain YAML scalar means to Go's `yaml.v2`, that is by YAML 1.1: `yes`, `on` and `y` are
 * booleans, `~` is null, `<<` merges.
 *
 * Source: gopkg.in/yaml.v2 v2.4.0 `resolve.go`.
 *
 * Does not handle: numbers and dates; text fields keep them as written.
 */
import type { YamlNode } from './yaml-tree.js';

const nulls = new Set(['', '~', 'null', 'Null', 'NULL']);
const trues = new Set(['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON', 'true', 'True', 'TRUE']);
const falses = new Set([
  'n',
  'N',
  'no',
  'No',
  'NO',
  'off',
  'Off',
  'OFF',
  'false',
  'False',
  'FALSE',
]);

export function isNull(node: YamlNode): boolean {
  return node.kind === 'scalar' && !node.isText && nulls.has(node.text);
}

/** The boolean that YAML 1.1 reads, or null for anything else. */
export function booleanOf(node: YamlNode): boolean | null {
  const isTagged = node.kind === 'scalar' && node.tag === 'tag:yaml.org,2002:bool';
  if (node.kind !== 'scalar' || (node.isText && !isTagged)) {
    return null;
  }
  return trues.has(node.text) ? true : falses.has(node.text) ? false : null;
}

export function isMergeKey(node: YamlNode): boolean {
  return node.kind === 'scalar' && !node.isText && node.text === '<<';
}

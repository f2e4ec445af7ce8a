/**
 * What a YAML scalar means to go-yaml v2, that is by YAML 1.1: `yes`, `on` and `y` are booleans, `~` is
 * null. An explicit tag that does not fit its text is an error.
 *
 * Source: gopkg.in/yaml.v2 v2.4.0 `resolve.go`, `decode.go` (`scalar`, `prepare`, `isMerge`).
 *
 * Does not handle: values of numbers and dates; text fields keep them as written.
 */
import { fitsNumberTag } from './yaml-number.js';
import type { YamlNode, YamlScalar } from './yaml-tree.js';

export type ScalarValue =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'text'; readonly text: string }
  /** The text does not fit its tag. */
  | { readonly kind: 'fault' };

const nulls = new Set(['', '~', 'null', 'Null', 'NULL']);
const booleans = new Map(
  [true, false].flatMap((value) => {
    const words = value ? ['y', 'yes', 'on', 'true'] : ['n', 'no', 'off', 'false'];
    const spellings = words.flatMap((word) => [
      word,
      word.toUpperCase(),
      word.charAt(0).toUpperCase() + word.slice(1),
    ]);
    return spellings.map((word): [string, boolean] => [word, value]);
  }),
);

const standard = 'tag:yaml.org,2002:';

export function resolveScalar({ text, isPlain, tag }: YamlScalar): ScalarValue {
  const name = tag.startsWith(standard) ? tag.slice(standard.length) : null;
  if (tag === '') {
    return isPlain ? resolvePlain(text) : { kind: 'text', text };
  }
  switch (name) {
    case 'null':
      return nulls.has(text) ? { kind: 'null' } : { kind: 'fault' };
    case 'bool':
      return booleans.has(text) ? resolvePlain(text) : { kind: 'fault' };
    case 'int':
    case 'float':
    case 'timestamp':
      return fitsNumberTag(name, text) ? { kind: 'text', text } : { kind: 'fault' };
    case 'binary':
      return decodeBinary(text.replace(/[\r\n]/g, ''));
    default:
      return { kind: 'text', text };
  }
}

function resolvePlain(text: string): ScalarValue {
  if (nulls.has(text)) {
    return { kind: 'null' };
  }
  const value = booleans.get(text);
  return value === undefined ? { kind: 'text', text } : { kind: 'boolean', value };
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

// Go keeps bytes that are no UTF-8; here U+FFFD stands for them.
function decodeBinary(encoded: string): ScalarValue {
  if (!base64.test(encoded)) {
    return { kind: 'fault' };
  }
  const bytes = Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0));
  return { kind: 'text', text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) };
}

/** What leaves an optional part out altogether; `Null` and `NULL` make an empty one of it. */
export function leavesOut({ text, isPlain, tag }: YamlScalar): boolean {
  return tag === `${standard}null` || (tag === '' && isPlain && ['', '~', 'null'].includes(text));
}

export function isMergeKey(node: YamlNode): boolean {
  return (
    node.kind === 'scalar' &&
    node.text === '<<' &&
    (node.isPlain || node.tag === `${standard}merge`)
  );
}

/**
 * Writes the small part of YAML that node configs need: block mappings and sequences whose
 * keys and values are double-quoted strings, plus booleans. Quoting everything is what makes an
 * address, a user name or a password unable to become YAML: no tag, anchor, alias, comment, line
 * break, boolean, number or `*` can be read out of it, in YAML 1.1 or 1.2.
 *
 * Source: YAML 1.1 section 5.6 (escapes), go-yaml v2's reader (which code points it refuses raw).
 *
 * Does not handle: text that is not well-formed Unicode; a lone surrogate becomes U+FFFD.
 */
export type YamlValue = string | boolean | readonly YamlValue[] | YamlMap;

/** Keys in the order in which they are written. */
export interface YamlMap {
  readonly [key: string]: YamlValue;
}

/** The document's lines, two spaces of indentation a level, with a final newline. */
export function writeYamlDocument(comments: readonly string[], root: YamlMap): string {
  const lines = [...comments.map((comment) => `# ${comment}`), ...mapLines(root, '')];
  return `${lines.join('\n')}\n`;
}

/** A scalar that every YAML reader reads as exactly this text. */
export function quoteYaml(text: string): string {
  const escaped = Array.from(text.toWellFormed(), escapeCodePoint).join('');
  return `"${escaped}"`;
}

function mapLines(map: YamlMap, indent: string): readonly string[] {
  return Object.entries(map).flatMap(([key, value]) =>
    entryLines(`${indent}${writeKey(key)}:`, value, indent),
  );
}

// The documents' own words need no quotes; keys that come from people always get them.
const plainKeys = new Set([
  ...['apiVersion', 'kind', 'metadata', 'name', 'namespace', 'type', 'stringData', 'spec'],
  ...['rkeConfig', 'registries', 'authConfigSecretName', 'tlsSecretName', 'caBundle'],
  ...['insecureSkipVerify', 'providers', 'matchImages', 'defaultCacheDuration', 'args'],
  ...['mirrors', 'endpoint', 'rewrite', 'configs', 'auth', 'username', 'password', 'tls'],
  ...['ca_file', 'cert_file', 'key_file', 'insecure_skip_verify'],
]);

function writeKey(key: string): string {
  return plainKeys.has(key) ? key : quoteYaml(key);
}

function entryLines(head: string, value: YamlValue, indent: string): readonly string[] {
  if (typeof value === 'string') {
    return [`${head} ${quoteYaml(value)}`];
  }
  if (typeof value === 'boolean') {
    return [`${head} ${value}`];
  }
  if (isList(value)) {
    return value.length === 0
      ? [`${head} []`]
      : [head, ...value.flatMap((item) => entryLines(`${indent}  -`, item, `${indent}  `))];
  }
  // Below a dash the mapping's lines stand one level deeper, as below a key.
  const lines = mapLines(value, `${indent}  `);
  return lines.length === 0 ? [`${head} {}`] : [head, ...lines];
}

function isList(value: readonly YamlValue[] | YamlMap): value is readonly YamlValue[] {
  return Array.isArray(value);
}

// Letters, digits, punctuation and symbols are readable as they are. Everything else (controls,
// separators, byte order marks, unassigned code points) is escaped: readers differ on it.
const readable = /^[\p{L}\p{N}\p{P}\p{S} ]$/u;

function escapeCodePoint(char: string): string {
  if (char === '"' || char === '\\') {
    return `\\${char}`;
  }
  if (readable.test(char) && char !== '\u3000') {
    return char;
  }
  const code = char.codePointAt(0) ?? 0;
  const [letter, width] = code <= 0xff ? ['x', 2] : code <= 0xffff ? ['u', 4] : ['U', 8];
  return `\\${letter}${code.toString(16).padStart(Number(width), '0')}`;
}

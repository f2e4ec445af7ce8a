/**
 * Generated `registries.yaml` documents, in every way of writing YAML that a person, a template or a
 * slip of the finger produces: block and flow, all quotings, anchors, merges, tags, comments, doubled
 * and unknown keys, YAML 1.1's loose scalars. Some are then broken on purpose. The same seed gives the
 * same document.
 *
 * Left out: byte order marks inside of the text. What go-yaml does with one depends on where its buffer
 * ends.
 */
import { endpoints, hosts, loose, patterns, replacements, slips } from './registries-words.js';
import { type SeededChoice, seededChoice } from './seeded-choice.js';

type Value =
  | { readonly kind: 'map'; readonly entries: readonly (readonly [Value, Value])[] }
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  | { readonly kind: 'text'; readonly text: string };

const text = (value: string): Value => ({ kind: 'text', text: value });
const map = (entries: readonly (readonly [Value, Value])[]): Value => ({ kind: 'map', entries });

export function generateDocument(seed: number): string {
  const choice = seededChoice(seed);
  const written = new Writer(choice).document(generateRoot(choice));
  // A quarter is changed afterwards and may no longer be YAML.
  return choice.chance(0.25) ? breakText(written, choice) : written;
}

function generateRoot(choice: SeededChoice): Value {
  const sections: (readonly [string, (choice: SeededChoice) => Value])[] = [
    ['mirrors', (c) => mapOf(c, hosts, generateMirror)],
    ['configs', (c) => mapOf(c, hosts, generateConfig)],
    ...(choice.chance(0.05)
      ? [['auths', (c: SeededChoice) => mapOf(c, hosts, generateAuth)] as const]
      : []),
    ...(choice.chance(0.05)
      ? [[choice.pick(['mirror', 'x', 'docker.io', 'Mirrors']), anything] as const]
      : []),
    ...(choice.chance(0.08)
      ? [
          [
            choice.pick(['mirrors', 'configs']),
            (c: SeededChoice) => mapOf(c, hosts, generateMirror),
          ] as const,
        ]
      : []),
  ];
  return fieldsOf(choice, sections);
}

function mapOf(
  choice: SeededChoice,
  keys: readonly string[],
  value: (choice: SeededChoice) => Value,
): Value {
  if (choice.chance(0.06)) return anything(choice);
  const count = choice.pick([0, 1, 1, 2, 2, 3]);
  return map(
    Array.from({ length: count }, () => {
      const key = choice.chance(0.08) ? choice.pick(loose) : choice.pick(keys);
      return [text(key), value(choice)] as const;
    }),
  );
}

function fieldsOf(
  choice: SeededChoice,
  fields: readonly (readonly [string, (choice: SeededChoice) => Value])[],
): Value {
  if (choice.chance(0.05)) return anything(choice);
  const kept = fields.filter(() => choice.chance(0.7));
  const doubled = choice.chance(0.08) ? kept.slice(0, 1) : [];
  return map([...kept, ...doubled].map(([key, value]) => [text(key), value(choice)]));
}

function generateMirror(choice: SeededChoice): Value {
  const list = (c: SeededChoice): Value =>
    c.chance(0.06)
      ? anything(c)
      : {
          kind: 'list',
          items: Array.from({ length: c.pick([0, 1, 1, 2, 3]) }, () =>
            text(c.chance(0.1) ? c.pick(loose) : c.pick(endpoints)),
          ),
        };
  return fieldsOf(choice, [
    ['endpoint', list],
    [
      'rewrite',
      (c) => mapOf(c, patterns, (d) => text(d.chance(0.1) ? d.pick(loose) : d.pick(replacements))),
    ],
    ...(choice.chance(0.1)
      ? [[choice.pick(['endpoints', 'rewrites', 'Endpoint']), list] as const]
      : []),
  ]);
}

function generateConfig(choice: SeededChoice): Value {
  return fieldsOf(choice, [
    ['auth', generateAuth],
    ['tls', generateTls],
  ]);
}

function generateAuth(choice: SeededChoice): Value {
  const secret = (c: SeededChoice) =>
    text(c.chance(0.25) ? c.pick(loose) : c.pick(['user', 'p@ss:w', 'dXNlcjpwYXNz']));
  return fieldsOf(choice, [
    ['username', secret],
    ['password', secret],
    ['auth', secret],
    ['identity_token', secret],
    ...(choice.chance(0.1)
      ? [[choice.pick(['token', 'identitytoken', 'Username']), secret] as const]
      : []),
  ]);
}

function generateTls(choice: SeededChoice): Value {
  const file = (c: SeededChoice) =>
    text(c.chance(0.15) ? c.pick(loose) : c.pick(['/ca.crt', '/client.key']));
  const flag = (c: SeededChoice) =>
    text(c.chance(0.1) ? c.pick(loose) : c.pick(['true', 'false', 'yes', 'on', 'TRUE']));
  return fieldsOf(choice, [
    ['ca_file', file],
    ['cert_file', file],
    ['key_file', file],
    ['insecure_skip_verify', flag],
  ]);
}

function anything(choice: SeededChoice): Value {
  const kind = choice.pick(['text', 'text', 'list', 'map', 'null'] as const);
  if (kind === 'list')
    return { kind, items: [text(choice.pick(loose)), text(choice.pick(endpoints))] };
  if (kind === 'map') return map([[text(choice.pick(loose)), text(choice.pick(loose))]]);
  return text(kind === 'null' ? choice.pick(['', '~', 'null']) : choice.pick(loose));
}

class Writer {
  readonly #anchors: string[] = [];

  constructor(readonly choice: SeededChoice) {}

  document(root: Value): string {
    const { choice } = this;
    const isFlow = choice.chance(0.12);
    const body = isFlow ? `${this.#flow(root)}\n` : this.#block(root, 0);
    const head = choice.chance(0.9)
      ? ''
      : choice.pick([
          '---\n',
          '%YAML 1.1\n---\n',
          '# comment\n',
          '\ufeff',
          '\n\n',
          '--- # x\n',
          '%YAML 1.2\n---\n',
          '%TAG !e! tag:example.com,2000:\n---\n',
        ]);
    const tail = choice.chance(0.92)
      ? ''
      : choice.pick(['...\n', '---\nmirrors: {}\n', '# end', '\n\n', '---\n[', '... # x\n']);
    const whole = `${head}${body}${tail}`;
    return choice.chance(0.05) ? whole.replaceAll('\n', '\r\n') : whole;
  }

  #block(value: Value, indent: number): string {
    const { choice } = this;
    const pad = ' '.repeat(indent);
    if (value.kind === 'text') return `${pad}${this.#scalar(value.text, 'block', indent)}\n`;
    if (value.kind === 'list') {
      if (value.items.length === 0) return `${pad}[]\n`;
      return value.items
        .map(
          (item) =>
            `${pad}- ${this.#property()}${this.#inline(item, indent + 2)}${this.#comment()}\n`,
        )
        .join('');
    }
    if (value.entries.length === 0) return `${pad}{}\n`;
    const lines = value.entries.map(([key, each]) => {
      const name = key.kind === 'text' ? this.#scalar(key.text, 'key', indent) : '? x';
      return this.#entry(`${pad}${name}:`, each, indent);
    });
    return `${this.#merge(pad)}${lines.join('')}`.replace(/^\n/, choice.chance(0.5) ? '\n' : '');
  }

  #entry(head: string, value: Value, indent: number): string {
    const { choice } = this;
    if (choice.chance(0.04) && this.#anchors.length > 0)
      return `${head} *${choice.pick(this.#anchors)}\n`;
    const property = this.#property();
    const isEmpty =
      value.kind !== 'text' && (value.kind === 'list' ? value.items : value.entries).length === 0;
    if (value.kind === 'text' || isEmpty || choice.chance(0.1)) {
      return `${head} ${property}${this.#inline(value, indent)}${this.#comment()}\n`;
    }
    const isFlush = value.kind === 'list' && choice.chance(0.3);
    const deeper = isFlush ? indent : indent + choice.pick([1, 2, 2, 2, 4]);
    return `${head}${property === '' ? '' : ` ${property.trimEnd()}`}${this.#comment()}\n${this.#block(value, deeper)}`;
  }

  #inline(value: Value, indent: number): string {
    return value.kind === 'text' ? this.#scalar(value.text, 'block', indent) : this.#flow(value);
  }

  #flow(value: Value): string {
    const { choice } = this;
    const gap = choice.pick([', ', ', ', ',', ' , ', ',\n   ']);
    if (value.kind === 'text') return this.#scalar(value.text, 'flow', 0);
    if (value.kind === 'list') {
      const items = value.items.map((item) => this.#flow(item));
      return `[${items.join(gap)}${items.length > 0 && choice.chance(0.1) ? ',' : ''}]`;
    }
    const entries = value.entries.map(([key, each]) => {
      const name = key.kind === 'text' ? this.#scalar(key.text, 'flow', 0) : 'x';
      return `${name}${choice.pick([': ', ': ', ': ', ':'])}${this.#flow(each)}`;
    });
    return `{${entries.join(gap)}${entries.length > 0 && choice.chance(0.1) ? ',' : ''}}`;
  }

  #property(): string {
    const { choice } = this;
    if (choice.chance(0.05)) {
      const name = choice.pick(['a', 'b', 'c']);
      this.#anchors.push(name);
      return `&${name} `;
    }
    return choice.chance(0.03)
      ? choice.pick([
          '!!str ',
          '!!int ',
          '!!float ',
          '!!bool ',
          '!!null ',
          '!!binary ',
          '!!map ',
          '!!seq ',
          '!local ',
          '! ',
          '!<tag:yaml.org,2002:str> ',
          '!!timestamp ',
          '!!merge ',
        ])
      : '';
  }

  #merge(pad: string): string {
    const { choice } = this;
    if (!choice.chance(0.05)) return '';
    const names = this.#anchors.length > 0 ? this.#anchors : ['none'];
    return `${pad}<<: ${choice.pick([`*${choice.pick(names)}`, `[*${choice.pick(names)}, *${choice.pick(names)}]`, '{endpoint: [merged.io]}', '{auth: {username: m}}', '3'])}\n`;
  }

  #comment(): string {
    return this.choice.chance(0.06) ? this.choice.pick([' # c', ' #', '  # é']) : '';
  }

  #scalar(value: string, place: 'block' | 'flow' | 'key', indent: number): string {
    const { choice } = this;
    const style = choice.pick([
      'plain',
      'plain',
      'plain',
      'single',
      'double',
      'double',
      'literal',
      'folded',
    ] as const);
    if (style === 'single') return `'${value.replaceAll("'", "''")}'`;
    if (style === 'double') return doubleQuoted(value, choice);
    if ((style === 'literal' || style === 'folded') && place === 'block') {
      const pad = ' '.repeat(indent + 2);
      const mark = style === 'literal' ? '|' : '>';
      const lines = value.split('\n').map((line) => (line === '' ? '' : `${pad}${line}`));
      return `${mark}${choice.pick(['', '-', '+', '-', '2'])}\n${lines.join('\n')}`;
    }
    return /[\n]/.test(value) ? JSON.stringify(value) : value;
  }
}

function doubleQuoted(value: string, choice: SeededChoice): string {
  const chars = Array.from(value, (char) => {
    const code = char.codePointAt(0) ?? 0;
    if (char === '"' || char === '\\') return `\\${char}`;
    if (char === '\n') return '\\n';
    if (choice.chance(0.05)) {
      return code <= 0xff
        ? `\\x${code.toString(16).padStart(2, '0')}`
        : code <= 0xffff
          ? `\\u${code.toString(16).padStart(4, '0')}`
          : `\\U${code.toString(16).padStart(8, '0')}`;
    }
    return char;
  });
  const odd = choice.chance(0.03)
    ? choice.pick([
        '\\/',
        '\\q',
        '\\ud83d\\ude00',
        '\\0',
        '\\N',
        '\\ ',
        '\\\n  ',
        '\\e',
        '\\x4',
        '\\L',
      ])
    : '';
  return `"${chars.join('')}${odd}"`;
}

function breakText(document: string, choice: SeededChoice): string {
  const chars = Array.from(document);
  for (let count = choice.pick([1, 1, 1, 2, 3]); count > 0; count -= 1) {
    const at = Math.floor(choice.next() * (chars.length + 1));
    chars.splice(at, choice.pick([0, 0, 1, 1, 2]), choice.pick(slips));
  }
  return chars.join('');
}

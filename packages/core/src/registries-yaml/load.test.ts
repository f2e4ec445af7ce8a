import { describe, expect, test } from 'vitest';
import { loadRegistriesYaml } from './load.js';

const codes = (text: string) => loadRegistriesYaml(text).diagnostics.map((d) => d.code);
const load = (text: string) => loadRegistriesYaml(text).file;

describe('a node loads', () => {
  test.each([
    ['an empty document', ''],
    ['only a comment', '# nothing\n'],
    ['null', 'null\n'],
    ['JSON, as Rancher writes it', '{"mirrors":{"a.io":{"endpoint":["x"]}},"configs":null}'],
    ['a byte order mark', '\ufeffmirrors: {}\n'],
    ['%YAML 1.1', '%YAML 1.1\n---\nmirrors: {}\n'],
    ['a broken second document', 'mirrors: {}\n---\n[\n'],
    ['a tab after a colon', 'mirrors:\n  a.io:\t{}\n'],
  ])('%s', (_what, text) => {
    expect(loadRegistriesYaml(text).loads).toBe(true);
  });
});

describe('a node does not load', () => {
  test.each([
    ['an unquoted * as key', 'mirrors:\n  *:\n    endpoint: [a]\n', 2],
    ['tabs for indentation', 'mirrors:\n\ta.io: {}\n', 2],
    ['endpoint as a single value', 'mirrors:\n  a.io:\n    endpoint: https://x\n', 3],
    ['endpoint as a mapping', 'mirrors:\n  a.io:\n    endpoint: {x: y}\n', 3],
    ['an endpoint that is a list', 'mirrors:\n  a.io:\n    endpoint:\n      - [x]\n', 4],
    ['mirrors as a list', 'mirrors:\n  - a.io\n', 2],
    ['mirrors as a text', 'mirrors: ""\n', 1],
    ['a list as document', '- a\n', 1],
    ['rewrite as a list', 'mirrors:\n  a.io:\n    rewrite: [x]\n', 3],
    ['auth as a text', 'configs:\n  a.io:\n    auth: dXNlcjpwYXNz\n', 3],
    ['a quoted boolean', 'configs:\n  a.io:\n    tls: {insecure_skip_verify: "true"}\n', 3],
    ['a number as boolean', 'configs:\n  a.io:\n    tls: {insecure_skip_verify: 1}\n', 3],
    ['wrong types under the unused auths', 'auths: {a.io: x}\n', 1],
    ['an alias without anchor', 'x: *nope\n', 1],
    ['a merge of something else', 'mirrors:\n  a.io:\n    <<: 5\n', 3],
    ['a missing colon', 'mirrors:\n  a.io\n    endpoint: [x]\n', 2],
    ['uneven indentation', 'mirrors:\n  a.io: {}\n b.io: {}\n', 3],
    ['a control character', 'mirrors: {"a\u0007": {}}\n', 1],
    ['%YAML 1.2', '%YAML 1.2\n---\nmirrors: {}\n', 1],
    ['an unknown directive', '%FOO\n---\nmirrors: {}\n', 1],
    ['an escaped slash, which JSON has and YAML 1.1 has not', '{"mirrors": {"a\\/b": {}}}', 1],
    ['a surrogate pair as two escapes', 'mirrors: {"\\ud83d\\ude00": {}}\n', 1],
    ['JSON with a lost quote', '{"mirrors":{"a":{},b":{"endpoint":[]}}}\n', 1],
  ])('%s', (_what, text, line) => {
    const loaded = loadRegistriesYaml(text);
    expect(loaded).toMatchObject({ loads: false, file: { mirrors: new Map() } });
    expect(loaded.diagnostics[0]).toMatchObject({ code: 'registries-yaml.load-error', line });
  });
});

describe('limits', () => {
  test('refuses 5 MiB without parsing them', () => {
    const [diagnostic] = loadRegistriesYaml(`# ${'x'.repeat(5 * 1024 * 1024)}`).diagnostics;
    expect(diagnostic?.code).toBe('registries-yaml.document-too-large');
  });

  test('refuses an alias bomb', () => {
    const levels = Array.from({ length: 12 }, (_, i) => {
      const refs = Array(12).fill(i === 0 ? 'x' : `*a${i - 1}`);
      return `k${i}: &a${i} [${refs.join(', ')}]`;
    });
    const bomb = `${levels.join('\n')}\nmirrors: {docker.io: {endpoint: *a11}}\n`;
    expect(loadRegistriesYaml(bomb).loads).toBe(false);
  });

  test('takes no notice of a bomb that nothing reads', () => {
    const levels = Array.from({ length: 40 }, (_, i) => {
      const refs = Array(12).fill(i === 0 ? 'x' : `*a${i - 1}`);
      return `k${i}: &a${i} [${refs.join(', ')}]`;
    });
    expect(loadRegistriesYaml(`${levels.join('\n')}\n`).loads).toBe(true);
  });

  test('refuses a bomb of merges', () => {
    const levels = Array.from({ length: 12 }, (_, i) => {
      const refs = Array(12).fill(i === 0 ? '{x: y}' : `*a${i - 1}`);
      return `k${i}: &a${i} {<<: [${refs.join(', ')}]}`;
    });
    expect(loadRegistriesYaml(`${levels.join('\n')}\nmirrors: *a11\n`).loads).toBe(false);
  });

  test('refuses nesting that would end the stack', () => {
    expect(loadRegistriesYaml('['.repeat(200_000)).loads).toBe(false);
  });
});

test('no message repeats a value of the document', () => {
  const texts = [
    'configs: {a.io: {auth: planted-secret}}',
    'configs: {a.io: {auth: {password: [planted-secret]}}}',
    'configs: {a.io: {auth: {password: "planted-secret}}}',
    'configs: {a.io: {auth: {password: planted-secret\\u0007"}}}',
    'configs:\n  a.io:\n   auth:\n  password: @planted-secret\n',
    'configs: {a.io: {tls: {insecure_skip_verify: planted-secret}}}',
  ];
  expect(JSON.stringify(texts.map((text) => loadRegistriesYaml(text)))).not.toContain('planted');
});

describe('yaml.v2 leniency', () => {
  test('keeps the text of numbers and booleans in text fields', () => {
    const { configs } = load('configs: {a.io: {auth: {username: yes, password: 0123}}}');
    const auth = configs.get('a.io')?.auth;
    expect([auth?.username, auth?.password.reveal()]).toEqual(['yes', '0123']);
  });

  test.each(['yes', 'on', 'y', 'True', 'ON', '!!bool "yes"'])('reads %s as true', (word) => {
    const file = load(`configs: {a.io: {tls: {insecure_skip_verify: ${word}}}}`);
    expect(file.configs.get('a.io')?.tls?.insecureSkipVerify).toBe(true);
  });

  test('tells of a boolean that only YAML 1.1 knows', () => {
    expect(codes('configs: {a.io: {tls: {insecure_skip_verify: on}}}')).toEqual([
      'registries-yaml.loose-boolean',
    ]);
  });

  test('takes null for the empty value everywhere', () => {
    const file = load('mirrors:\n  a.io:\n  b.io:\n    endpoint: [~, x]\n    rewrite: {p: }\n');
    expect(file.mirrors.get('a.io')?.endpoints).toEqual([]);
    expect(file.mirrors.get('b.io')?.endpoints.map((e) => e.text)).toEqual(['', 'x']);
    expect(file.mirrors.get('b.io')?.rewrites).toMatchObject([{ pattern: 'p', replacement: '' }]);
  });

  test('tells an absent block from an empty one', () => {
    const { configs } = load('configs:\n  a.io:\n    auth:\n    tls: {}\n');
    expect(configs.get('a.io')).toMatchObject({ auth: null, tls: { caFile: '' } });
  });

  test('replaces a registry that occurs twice, and says so', () => {
    const text = 'mirrors:\n  a.io: {endpoint: [x]}\n  a.io: {rewrite: {p: q}}\n';
    expect(load(text).mirrors.get('a.io')).toMatchObject({ endpoints: [], rewrites: [{}] });
    expect(codes(text)).toEqual(['registries-yaml.duplicate-key']);
  });

  test('decodes a repeated section into the same place', () => {
    const text = 'mirrors: {a.io: {endpoint: [x]}}\nmirrors: {b.io: {endpoint: [y]}}\n';
    expect([...load(text).mirrors.keys()]).toEqual(['a.io', 'b.io']);
  });

  test('lets a repeated endpoint replace and a repeated rewrite or auth grow', () => {
    const { mirrors, configs } = load(
      'mirrors: {a.io: {endpoint: [x], endpoint: [y], rewrite: {a: b}, rewrite: {c: d}}}\n' +
        'configs: {a.io: {auth: {username: u}, auth: {password: p}}}\n',
    );
    expect(mirrors.get('a.io')?.endpoints.map((e) => e.text)).toEqual(['y']);
    expect(mirrors.get('a.io')?.rewrites).toHaveLength(2);
    expect(configs.get('a.io')?.auth?.username).toBe('u');
  });

  test('applies anchors, and merges where they stand', () => {
    const { mirrors } = load(
      'x: &a {endpoint: [q]}\nmirrors:\n  a.io: *a\n  b.io: {endpoint: [z], <<: *a}\n  c.io: {<<: *a, endpoint: [z]}\n',
    );
    const first = (name: string) => mirrors.get(name)?.endpoints[0]?.text;
    expect([first('a.io'), first('b.io'), first('c.io')]).toEqual(['q', 'q', 'z']);
  });

  test('reads only the first document and says so', () => {
    const text = 'mirrors: {a.io: {}}\n---\nmirrors: {b.io: {}}\n';
    expect([...load(text).mirrors.keys()]).toEqual(['a.io']);
    expect(codes(text)).toEqual(['registries-yaml.second-document']);
  });
});

describe('keys that are dropped without a word', () => {
  test.each([
    ['mirror: {}', 'registries-yaml.unknown-key', /mirrors/],
    ['Mirrors: {}', 'registries-yaml.unknown-key', /mirrors/],
    ['mirrors: {a.io: {endpoints: [x]}}', 'registries-yaml.unknown-key', /Write endpoint/],
    ['mirrors: {a.io: {rewrites: {}}}', 'registries-yaml.unknown-key', /Write rewrite/],
    ['mirrors: {a.io: {override_path: true}}', 'registries-yaml.unknown-key', /path/],
    ['configs: {a.io: {insecure: true}}', 'registries-yaml.unknown-key', /insecure_skip_verify/],
    ['configs: {a.io: {username: u}}', 'registries-yaml.unknown-key', /auth/],
    [
      'configs: {a.io: {auth: {identitytoken: t}}}',
      'registries-yaml.unknown-key',
      /identity_token/,
    ],
    [
      'configs: {a.io: {auth: {token: t}}}',
      'registries-yaml.token-ignored',
      /username and password/,
    ],
    ['docker.io: {}', 'registries-yaml.unknown-key', /indentation/],
    ['auths: {}', 'registries-yaml.auths-unused', /configs/],
  ])('%s is reported', (text, code, suggestion) => {
    const { diagnostics, loads } = loadRegistriesYaml(text);
    expect(loads).toBe(true);
    expect(diagnostics).toMatchObject([{ code, suggestion: expect.stringMatching(suggestion) }]);
  });

  test('a key is found at its line and column', () => {
    const text = 'configs:\n  "a.io:5000":\n    auth:\n      token: t\n';
    expect(loadRegistriesYaml(text).diagnostics).toMatchObject([
      { path: 'configs["a.io:5000"].auth.token', line: 4, column: 7 },
    ]);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadRegistriesYaml } from '../registries-yaml/load.js';
import { SecretText } from '../secret-text.js';
import { buildRegistriesYaml } from './build-registries-yaml.js';
import type { NodeConfigModel, NodeConfigOptions, NodeConfigRegistry } from './model.js';

const k3s: NodeConfigOptions = { distribution: 'k3s', secrets: 'included' };

function buildRegistry(
  address: string,
  overrides: Partial<NodeConfigRegistry> = {},
): NodeConfigRegistry {
  return {
    id: `id-${address}`,
    address,
    deliver: 'both',
    scheme: 'https',
    tls: { insecureSkipVerify: false },
    credential: null,
    scopedCredentials: [],
    ...overrides,
  };
}

function login(username: string, password: string) {
  return { credential: { id: 'c', username, password: SecretText.of(password) } };
}

function render(model: Partial<NodeConfigModel>, options = k3s) {
  const config = buildRegistriesYaml({ mirrors: [], registries: [], ...model }, options);
  const file = config.files[0];
  const document: unknown = parse(file?.content ?? '', { version: '1.1', uniqueKeys: true });
  return { config, content: file?.content ?? '', document };
}

// Everything that people type must come out of the file as the same text, whatever it holds:
// quotes, line breaks, tags, anchors, YAML 1.1 booleans and numbers, separators, emoji.
describe('for any text', () => {
  const expressible = fc
    .oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        'yes',
        'null',
        '~',
        '0123',
        '1e3',
        '!!str x',
        '&a',
        '*a',
        '<<',
        '- a',
        'a: b',
        '\u2028',
        '\ufeff',
        ' #c',
        "'",
      ),
    )
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what TOML cannot hold.
    .filter((text) => !/[\u0000-\u0007\u000b\u000e-\u001f\u007f]/.test(text));

  test.each(['1.1', '1.2'] as const)('a login parses back as it was (YAML %s)', (version) => {
    fc.assert(
      fc.property(expressible, expressible, (username, password) => {
        const config = buildRegistriesYaml(
          {
            mirrors: [],
            registries: [buildRegistry('reg.example.com', login(username, password))],
          },
          k3s,
        );
        expect(parse(config.files[0]?.content ?? '', { version })).toEqual({
          mirrors: {},
          configs: { 'reg.example.com': { auth: { username, password } } },
        });
      }),
      { numRuns: 1000 },
    );
  });

  test('what a node loads, rendered again, is the same file', () => {
    const host = fc.constantFrom(
      'a.io',
      'b.io:5000',
      'c.example.com',
      'localhost:5000',
      '10.0.0.1',
    );
    const mirror = fc.record({
      registry: fc.oneof(host, fc.constantFrom('docker.io', '*')),
      endpoints: fc.array(
        fc
          .tuple(
            fc.constantFrom('', 'https://', 'http://'),
            host,
            fc.constantFrom('', '/v2', '/v2/p'),
          )
          .map((parts) => parts.join('')),
        { maxLength: 4 },
      ),
      rewrites: fc.array(
        fc.record({
          pattern: fc.constantFrom('^a/(.*)', '(.*)', '^x[.]y'),
          replacement: fc.constantFrom('b/$1', 'z'),
        }),
        { maxLength: 3 },
      ),
    });
    const registry = fc
      .tuple(host, expressible, expressible)
      .map(([address, username, password]) => buildRegistry(address, login(username, password)));
    const models = fc.record({
      mirrors: fc.array(mirror, { maxLength: 4 }),
      registries: fc.uniqueArray(registry, { selector: (r) => r.address, maxLength: 4 }),
    });
    fc.assert(
      fc.property(models, (model) => {
        const { content } = render(model);
        const { loads, file } = loadRegistriesYaml(content);
        expect(loads).toBe(true);
        const again: NodeConfigModel = {
          mirrors: [...file.mirrors].map(([name, spec]) => ({
            registry: name,
            endpoints: spec.endpoints.map(({ text }) => text),
            rewrites: spec.rewrites,
          })),
          registries: [...file.configs].map(([address, { auth }]) =>
            buildRegistry(address, login(auth?.username ?? '', auth?.password.reveal() ?? '')),
          ),
        };
        expect(render(again).content).toBe(content);
      }),
      { numRuns: 300 },
    );
  });

  test('a mirror holds what was given or reports what was not', () => {
    const text = fc.string({ unit: 'binary' });
    const mirror = fc.record({
      registry: fc.oneof(text, fc.constantFrom('docker.io', '*', 'a"b')),
      endpoints: fc.array(text),
      rewrites: fc.array(fc.record({ pattern: text, replacement: text })),
    });
    fc.assert(
      fc.property(fc.array(mirror), (mirrors) => {
        const { document, config } = render({ mirrors });
        const names = new Set(mirrors.map((m) => m.registry));
        expect(document).toHaveProperty('mirrors');
        const written = Object.keys((document as { mirrors: object }).mirrors);
        expect(written.every((name) => names.has(name))).toBe(true);
        expect(config.files).toHaveLength(1);
      }),
    );
  });
});

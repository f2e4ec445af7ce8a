import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildRegistriesYaml } from '../node-config/build-registries-yaml.js';
import type {
  NodeConfigModel,
  NodeConfigRegistry,
  NodeDistribution,
} from '../node-config/model.js';
import { summarizeAuth } from '../registries-yaml/containerd-auth.js';
import { buildHostConfigs } from '../registries-yaml/hosts.js';
import { formatHostsToml } from '../registries-yaml/hosts-toml.js';
import { loadRegistriesYaml } from '../registries-yaml/load.js';
import type { AuthSpec } from '../registries-yaml/registries-file.js';
import { SecretText } from '../secret-text.js';
import type { ImportEnvironment, ImportPlan } from './model.js';
import { planNodeConfigImport } from './plan-import.js';

const distributions: readonly NodeDistribution[] = ['k3s', 'rke2'];
const nothing: ImportEnvironment = { registries: [], mirrors: [] };

function plan(document: string, distribution: NodeDistribution, environment = nothing): ImportPlan {
  const planned = planNodeConfigImport({ document, distribution }, environment);
  if (!planned.ok) throw new Error(planned.error.message);
  return planned.value;
}

/** The environment after the import, as the renderer takes it. */
function modelOf({ registries, logins, mirrors }: ImportPlan): NodeConfigModel {
  const byAddress = new Map(logins.map((login) => [login.address, login]));
  return {
    mirrors,
    registries: registries.map(({ address, set }) => ({
      id: address,
      address,
      deliver: set.deliver ?? 'both',
      scheme: set.scheme ?? 'https',
      tls: { insecureSkipVerify: set.insecureSkipVerify ?? false },
      credential: credentialOf(byAddress.get(address)),
      scopedCredentials: [],
    })),
  };
}

function credentialOf(login: ImportPlan['logins'][number] | undefined) {
  return login === undefined
    ? null
    : { id: 'c', username: login.username, password: login.password };
}

function render(model: NodeConfigModel, distribution: NodeDistribution): string {
  const { files } = buildRegistriesYaml(model, { distribution, secrets: 'included' });
  return files[0]?.content ?? '';
}

function loginOf(auth: Omit<AuthSpec, 'at'> | null | undefined) {
  return auth == null ? null : [summarizeAuth(auth), auth.password.reveal()];
}

/** What a node does with a file: every hosts.toml, and the login of every host that it asks. */
function meaningOf(document: string, distribution: NodeDistribution) {
  const { file } = loadRegistriesYaml(document);
  const options = { distribution, disableDefaultEndpoint: false, embeddedRegistry: null };
  return [...buildHostConfigs(file, options).hosts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([directory, host]) => ({
      directory,
      toml: formatHostsToml(host, distribution),
      logins: [host.default, ...host.endpoints].map((endpoint) => loginOf(endpoint?.auth)),
    }));
}

const host = fc.constantFrom('a.io', 'b.io:5000', 'c.example.com', '10.0.0.1', 'd.io:8443');
const scheme = fc.constantFrom('https://', 'http://');
const path = fc.constantFrom('', '/v2', '/v2/p');
const endpoints = fc.uniqueArray(
  fc.tuple(scheme, host, path).map((parts) => parts.join('')),
  { maxLength: 3 },
);
const rewrite = fc.dictionary(
  fc.constantFrom('^a/(.*)', '(.*)', '^x[.]y'),
  fc.constantFrom('b/$1', 'z'),
  { maxKeys: 2 },
);
const text = fc.string({ minLength: 1, unit: 'grapheme' }).filter(
  // What may be stored as a login; a control character is refused, and told.
  (each) => !/[\p{Cc}:]/u.test(each) && each === each.trim() && each.trim() !== '',
);
const login = fc.record({ username: text, password: text });

/** A file within what an environment can hold; JSON is YAML. */
const document = fc
  .record({
    mirrors: fc.dictionary(
      fc.oneof(host, fc.constantFrom('docker.io', '*')),
      fc.record({ endpoint: endpoints, rewrite }),
      { maxKeys: 4 },
    ),
    configs: fc.dictionary(
      fc.oneof(host, fc.constant('registry-1.docker.io')),
      fc.oneof(
        fc.record({ auth: login }),
        fc.record({ tls: fc.constant({ insecure_skip_verify: true }) }),
        fc.record({ auth: login, tls: fc.constant({ insecure_skip_verify: true }) }),
      ),
      { maxKeys: 4 },
    ),
  })
  .map((file) => JSON.stringify(file, null, 1));

test('no text makes the planner fail, and every place lies within the text', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom(
      ...[
        'mirrors:',
        'configs:',
        '\n',
        '\n  ',
        '\n    ',
        'a.io:',
        '"*":',
        'endpoint: [b.io]',
        '# c',
      ],
      ...[
        'auth: {username: u, password: p}',
        '&x',
        '*x',
        '<<: ',
        '---',
        '|\n',
        '- ',
        '{',
        '}',
        '\t',
      ],
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const written = pieces.join('');
      const planned = planNodeConfigImport({ document: written, distribution: 'k3s' }, nothing);
      const places = planned.ok ? planned.value.notImported : [planned.error];
      // Everything that YAML 1.1 takes for a line break; the end of the text is behind the last line.
      const lines = written.split(/\r\n|[\n\r\u0085\u2028\u2029]/).length + 1;
      expect(places.every(({ line, column }) => line >= 1 && line <= lines && column >= 1)).toBe(
        true,
      );
    }),
    { numRuns: 2000 },
  );
});

describe.each(distributions)('%s', (distribution) => {
  test('a file that was imported and rendered does what it did', () => {
    fc.assert(
      fc.property(document, (written) => {
        const planned = plan(written, distribution);
        expect(planned.notImported).toEqual([]);
        const rendered = render(modelOf(planned), distribution);
        const before = meaningOf(written, distribution);
        const after = meaningOf(rendered, distribution);
        // RKE2's and TLS' second key for Docker Hub makes a directory, which changes no pull.
        const added = (each: { directory: string }) => each.directory !== 'docker.io';
        const hub = before.some(({ directory }) => directory === 'docker.io');
        expect(hub ? after : after.filter(added)).toEqual(before);
      }),
      { numRuns: 200 },
    );
  });

  test('importing what was rendered plans nothing', () => {
    fc.assert(
      fc.property(models, (model) => {
        const planned = plan(render(model, distribution), distribution, environmentOf(model));
        expect(planned.notImported).toEqual([]);
        expect(planned.registries.filter(({ action }) => action !== 'keep')).toEqual([]);
        expect(planned.mirrors.filter(({ action }) => action !== 'keep')).toEqual([]);
        // The logins are those that are there.
        for (const { address, username, password } of planned.logins) {
          const own = model.registries.find((registry) => registry.address === address);
          expect(own?.credential?.username).toBe(username);
          expect(own?.credential?.password.reveal()).toBe(password.reveal());
        }
      }),
      { numRuns: 200 },
    );
  });

  test('importing twice plans the same and then nothing', () => {
    fc.assert(
      fc.property(document, (written) => {
        const first = plan(written, distribution);
        const again = plan(written, distribution, environmentOf(modelOf(first)));
        expect(again.registries.filter(({ action }) => action !== 'keep')).toEqual([]);
        expect(again.mirrors.filter(({ action }) => action !== 'keep')).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

const registry = fc
  .record({
    address: fc.oneof(host, fc.constant('docker.io')),
    deliver: fc.constantFrom('both', 'nodes', 'pull-secret'),
    scheme: fc.constantFrom('https', 'http'),
    insecureSkipVerify: fc.boolean(),
    ca: fc.boolean(),
    client: fc.boolean(),
    login: fc.option(login),
  })
  .map(({ ca, client, login: own, insecureSkipVerify, ...fields }): NodeConfigRegistry => {
    const hasTls = fields.scheme === 'https';
    return {
      ...fields,
      deliver: fields.deliver as NodeConfigRegistry['deliver'], // fast-check widens the constants
      scheme: fields.scheme as NodeConfigRegistry['scheme'], // the same
      id: fields.address,
      tls: {
        insecureSkipVerify: hasTls && insecureSkipVerify,
        ...(hasTls && ca && { caCertificate: 'CA' }),
        ...(hasTls && client && { clientCertificate: 'C', clientKey: SecretText.of('K') }),
      },
      credential:
        own === null
          ? null
          : { id: 'c', username: own.username, password: SecretText.of(own.password) },
      scopedCredentials: [],
    };
  });

const models = fc.record({
  registries: fc.uniqueArray(registry, { selector: ({ address }) => address, maxLength: 4 }),
  mirrors: fc.uniqueArray(
    fc.record({
      registry: fc.oneof(host, fc.constantFrom('docker.io', '*')),
      endpoints: fc.uniqueArray(
        fc
          .tuple(scheme, fc.oneof(host, fc.constant('c.example.com:443')), path)
          .map((parts) => parts.join('')),
        { maxLength: 3 },
      ),
      rewrites: rewrite.map((rules) =>
        Object.entries(rules).map(([pattern, replacement]) => ({ pattern, replacement })),
      ),
    }),
    { selector: ({ registry: name }) => name, maxLength: 4 },
  ),
});

function environmentOf({ registries, mirrors }: NodeConfigModel): ImportEnvironment {
  return {
    mirrors,
    registries: registries.map(({ address, deliver, scheme: spoken, tls, credential }) => ({
      address,
      state: 'enabled',
      deliver,
      scheme: spoken,
      insecureSkipVerify: tls.insecureSkipVerify,
      hasCaCertificate: tls.caCertificate !== undefined,
      hasClientCertificate: tls.clientCertificate !== undefined,
      hasLogin: credential !== null,
    })),
  };
}

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readHostsFile } from '../pull-plan/index.js';
import { checkRegistriesYaml } from './check.js';

const read = (name: string) =>
  readFileSync(new URL(`../../fixtures/registries-yaml/${name}`, import.meta.url), 'utf8');

const check = (name: string) => checkRegistriesYaml({ document: read(name), distribution: 'k3s' });

// Samples that circulate in documentation, with the faults that they have.
describe('documented samples', () => {
  test.each<[string, boolean, readonly string[]]>([
    ['self-mirror-on-port.yaml', true, []],
    ['pull-through-cache.yaml', true, []],
    ['mirror-with-rewrite.yaml', true, []],
    ['https-with-login.yaml', true, ['pull-secret-beats-mirror']],
    ['https-without-login.yaml', true, []],
    ['plain-http.yaml', true, []],
    ['plain-http-with-login.yaml', true, ['pull-secret-beats-mirror', 'login-in-clear']],
    ['documented-schema.yaml', true, ['auth-empty', 'token-ignored']],
    ['host-without-domain.yaml', true, ['config-near-miss']],
    ['host-without-domain-tls.yaml', true, ['config-near-miss']],
    ['host-without-domain-http.yaml', true, ['config-near-miss']],
    ['wildcard-exempting-docker-io.yaml', true, ['config-empty', 'wildcard-config-lost']],
    ['placeholders.yaml', false, ['token-ignored', 'load-error']],
    ['missing-colon.yaml', false, ['load-error']],
    ['lost-indentation.yaml', false, ['indentation-lost', ...Array(6).fill('unknown-key')]],
    ['lost-indentation-rewrite.yaml', false, ['indentation-lost', ...Array(4).fill('unknown-key')]],
    [
      'lost-indentation-wildcard.yaml',
      false,
      ['indentation-lost', ...Array(6).fill('unknown-key')],
    ],
    [
      'lost-indentation-placeholders.yaml',
      false,
      ['indentation-lost', ...Array(6).fill('unknown-key')],
    ],
  ])('%s: valid %s with %j', (name, valid, codes) => {
    const report = check(name);
    expect(report.valid).toBe(valid);
    expect(report.diagnostics.map((d) => d.code.replace('registries-yaml.', ''))).toEqual(codes);
  });

  test('all samples that circulate are here', () => {
    const listed = readdirSync(new URL('../../fixtures/registries-yaml/', import.meta.url));
    expect(listed).toHaveLength(18);
  });

  test('what loads is rendered into files that containerd reads', () => {
    for (const name of [
      'self-mirror-on-port',
      'pull-through-cache',
      'https-with-login',
      'plain-http',
    ]) {
      const mirrored = Object.values(check(`${name}.yaml`).hosts).find(
        (h) => h.endpoints.length > 0,
      );
      expect(readHostsFile(mirrored?.hostsToml ?? '', 'k3s')).toHaveLength(2);
    }
  });

  test('a host without its domain gives the mirror neither login nor TLS', () => {
    const host = check('host-without-domain.yaml').hosts['docker.io'];
    expect(host?.endpoints).toMatchObject([
      { url: 'https://mycustomreg.com:5000/v2', auth: null, tls: null },
    ]);
  });

  test('the wildcard sample verifies TLS everywhere, docker.io included', () => {
    const { hosts } = check('wildcard-exempting-docker-io.yaml');
    expect(Object.keys(hosts)).toEqual(['_default']);
    expect(hosts._default?.hostsToml).not.toContain('skip_verify');
  });

  test('a file that lost its indentation does nothing', () => {
    expect(check('lost-indentation.yaml').hosts).toEqual({});
  });
});

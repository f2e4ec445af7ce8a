import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkRegistriesYaml } from './check.js';

const read = (name: string) =>
  readFileSync(new URL(`../../fixtures/registries-yaml/${name}`, import.meta.url), 'utf8');

const check = (name: string) => checkRegistriesYaml({ document: read(name), distribution: 'k3s' });

// Samples that circulate in documentation, with the faults that they have.
describe('documented samples', () => {
  test.each([
    ['mirror-with-rewrite.yaml', true, []],
    ['https-with-login.yaml', true, ['pull-secret-beats-mirror']],
    ['plain-http-with-login.yaml', true, ['pull-secret-beats-mirror', 'login-in-clear']],
    ['documented-schema.yaml', true, ['auth-empty', 'token-ignored']],
    ['host-without-domain.yaml', true, ['config-near-miss']],
    ['wildcard-exempting-docker-io.yaml', true, ['config-empty', 'wildcard-config-lost']],
    ['lost-indentation.yaml', true, Array(6).fill('unknown-key')],
    ['missing-colon.yaml', false, ['load-error']],
  ])('%s: valid %s with %j', (name, valid, codes) => {
    const report = check(name);
    expect(report.valid).toBe(valid);
    expect(report.diagnostics.map((d) => d.code.replace('registries-yaml.', ''))).toEqual(codes);
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

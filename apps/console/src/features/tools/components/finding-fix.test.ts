import { checkRegistriesYaml } from '@moorage/core';
import { describe, expect, it } from 'vitest';
import { fixesOf } from './finding-fix';

function findingsIn(document: string) {
  return checkRegistriesYaml({ document, distribution: 'k3s' }).diagnostics;
}

/** The document after the fix of its first finding with this code, and whether the finding is gone. */
function mend(document: string, code: string) {
  const finding = findingsIn(document).find((each) => each.code === `registries-yaml.${code}`);
  if (finding === undefined) throw new Error(`no finding ${code}`);
  const fix = fixesOf(document)(finding);
  if (fix === null) return null;
  return document.slice(0, fix.from) + fix.text + document.slice(fix.to);
}

const mirror = (endpoint: string, more = '') =>
  `mirrors:\n  docker.io:\n    endpoint:\n      - ${endpoint}\n${more}`;
const rewrite = (pattern: string, replacement: string) =>
  mirror('"https://a.example"', `    rewrite:\n      ${pattern}: ${replacement}\n`);
const login = (key: string) => `configs:\n  ${key}:\n    auth: {username: u, password: p} # kept\n`;

describe('the fix of a finding', () => {
  it.each([
    [
      'config-near-miss',
      mirror('"https://mycustomreg.com:5000"', login('"mycustomreg:5000"')),
      mirror('"https://mycustomreg.com:5000"', login('"mycustomreg.com:5000"')),
    ],
    [
      'config-near-miss',
      mirror('https://reg.example:8443', login('reg.example')),
      mirror('https://reg.example:8443', login('reg.example:8443')),
    ],
    ['config-key-not-a-host', login('https://reg.example/v2'), login('reg.example')],
    ['docker-hub-login-key', login('docker.io'), login('registry-1.docker.io')],
    [
      'mirror-index-docker-io',
      'mirrors: {index.docker.io: {endpoint: ["https://a.example"]}}',
      'mirrors: {docker.io: {endpoint: ["https://a.example"]}}',
    ],
    [
      'unknown-key',
      'mirrors:\n  docker.io:\n    endpoints: ["https://a.example"]\n',
      'mirrors:\n  docker.io:\n    endpoint: ["https://a.example"]\n',
    ],
    [
      'endpoint-trailing-slash',
      mirror("'https://a.example/v2/'"),
      mirror("'https://a.example/v2'"),
    ],
    ['endpoint-query', mirror('https://a.example?x=1'), mirror('https://a.example')],
    [
      'endpoint-path-is-api-root',
      mirror('https://a.example/hub'),
      mirror('https://a.example/v2/hub'),
    ],
    [
      'endpoint-index-docker-io',
      mirror('https://index.docker.io'),
      mirror('https://registry-1.docker.io'),
    ],
    [
      'duplicate-endpoint',
      mirror('a.example\n      - https://a.example/v2\n      - b.example'),
      mirror('a.example\n      - b.example'),
    ],
    [
      'rewrite-breaks-hosts-toml',
      rewrite("'^rancher\\.io/(.*)'", '"$1"'),
      rewrite("'^rancher[.]io/(.*)'", '"$1"'),
    ],
    ['rewrite-misread', rewrite("'^\\bx/(.*)'", '"$1"'), null],
    ['rewrite-unknown-group', rewrite('"^(.*)"', '"$1_x"'), rewrite('"^(.*)"', `"\${1}_x"`)],
    [
      'loose-boolean',
      'configs: {a.example: {tls: {insecure_skip_verify: yes}}}',
      'configs: {a.example: {tls: {insecure_skip_verify: true}}}',
    ],
  ])('of %s changes that place alone', (code, before, after) => {
    expect(mend(before, code)).toBe(after);
    if (after === null) return;
    const codes = findingsIn(after).map((each) => each.code);
    expect(codes).not.toContain(`registries-yaml.${code}`);
  });

  it('is none where people have to decide', () => {
    const document = login('reg.example').replace('password: p', 'token: t');
    expect(mend(document, 'token-ignored')).toBeNull();
    expect(mend('mirrors:\n  docker.io:\n    capabilities: [pull]\n', 'unknown-key')).toBeNull();
  });

  it('is none where brackets of another line may end the text', () => {
    expect(mend('mirrors: {\n  index.docker.io, }', 'mirror-index-docker-io')).toBeNull();
  });

  it('never writes back a text that was cut for a sentence', () => {
    const host = `${'a'.repeat(60)}.${'b'.repeat(60)}.example:5000`;
    const document = mirror(`https://${host}`, login(host.replace(':5000', '')));
    expect(mend(document, 'config-near-miss')).toBeNull();
  });

  it('is none for a place that is not there any more', () => {
    const finding = { code: 'registries-yaml.config-near-miss', line: 9, column: 3 };
    expect(fixesOf('mirrors:\n')({ ...finding, parameters: { host: 'a.example' } })).toBeNull();
  });
});

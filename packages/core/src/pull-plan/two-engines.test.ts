/**
 * One file, two readers: containerd as K3s and RKE2 drive it, and RKE2's own first pull. Each case is a
 * point at which they part.
 *
 * Sources: K3s `pkg/agent/containerd/config.go`; wharfie v0.7.1 `pkg/registries`; go-containerregistry
 * v0.20.2 `pkg/name`.
 */
import { describe, expect, test } from 'vitest';
import { planPull } from './plan-pull.js';
import type { PullEngine, PullQuestion } from './pull-plan.js';

type Extra = Omit<PullQuestion, 'image' | 'engine' | 'registriesYaml'>;

function ask(engine: PullEngine, image: string, registriesYaml: string, extra: Extra = {}) {
  const plan = planPull({ image, engine, registriesYaml, ...extra });
  return plan.ok ? plan.value.attempts : [];
}

function urls(engine: PullEngine, image: string, file: string, extra: Extra = {}) {
  return ask(engine, image, file, extra).map(({ url }) => url.replace(/\/manifests\/.*$/, ''));
}

describe('containerd and the first pull of RKE2', () => {
  test.each<[string, string, string, readonly string[], readonly string[]]>([
    [
      'ask Docker Hub under different hosts',
      'nginx',
      '',
      ['https://registry-1.docker.io/v2/library/nginx'],
      ['https://index.docker.io/v2/library/nginx'],
    ],
    [
      'drop a repeated endpoint, and keep it',
      'a.io/app',
      'mirrors: {a.io: {endpoint: [m.io, "https://m.io/v2"]}}',
      ['https://m.io/v2/app', 'https://a.io/v2/app'],
      ['https://m.io/v2/app', 'https://m.io/v2/app', 'https://a.io/v2/app'],
    ],
    [
      'fold the default that is listed last, and ask it twice',
      'a.io/app',
      'mirrors: {a.io: {endpoint: [m.io, a.io]}}',
      ['https://m.io/v2/app', 'https://a.io/v2/app'],
      ['https://m.io/v2/app', 'https://a.io/v2/app', 'https://a.io/v2/app'],
    ],
    [
      'look a mirror up by its exact name, and by the usual ports as well',
      'a.io/app',
      'mirrors: {"a.io:443": {endpoint: [m.io]}}',
      ['https://a.io/v2/app'],
      ['https://m.io/v2/app', 'https://a.io/v2/app'],
    ],
    [
      'do not know index.docker.io as a mirror, and do',
      'nginx',
      'mirrors: {index.docker.io: {endpoint: [m.io]}}',
      ['https://registry-1.docker.io/v2/library/nginx'],
      ['https://m.io/v2/library/nginx', 'https://index.docker.io/v2/library/nginx'],
    ],
    [
      'rewrite on every endpoint that is listed, and on other hosts only',
      'a.io/app',
      'mirrors: {a.io: {endpoint: ["http://a.io", m.io], rewrite: {^app: x/app}}}',
      ['http://a.io/v2/x/app', 'https://m.io/v2/x/app', 'https://a.io/v2/app'],
      ['http://a.io/v2/app', 'https://m.io/v2/x/app', 'https://a.io/v2/app'],
    ],
    [
      'both rewrite for a registry that is written with its port',
      'a.io/app',
      'mirrors: {a.io: {endpoint: ["https://a.io:443"], rewrite: {^app: x/app}}}',
      ['https://a.io:443/v2/x/app', 'https://a.io/v2/app'],
      ['https://a.io:443/v2/x/app', 'https://a.io/v2/app'],
    ],
    [
      'take no rewrites from a mirror that was found by its port',
      'a.io/app',
      'mirrors: {"a.io:443": {endpoint: [m.io], rewrite: {^app: x/app}}}',
      ['https://a.io/v2/app'],
      ['https://m.io/v2/app', 'https://a.io/v2/app'],
    ],
    [
      'ask for a bare name on Docker Hub as it is, and as one of the library',
      'nginx',
      'mirrors: {docker.io: {endpoint: [m.io], rewrite: {"library/(.*)": $1}}}',
      ['https://m.io/v2/nginx', 'https://registry-1.docker.io/v2/library/nginx'],
      ['https://m.io/v2/library/nginx', 'https://index.docker.io/v2/library/nginx'],
    ],
    [
      'clean a path for the request, and when it is read',
      'a.io/app',
      'mirrors: {a.io: {endpoint: ["https://m.io/v2/proxy/"]}}',
      ['https://m.io/v2/proxy/app', 'https://a.io/v2/app'],
      ['https://m.io/v2/proxy/app', 'https://a.io/v2/app'],
    ],
    [
      'keep an endpoint without a host, and pass it over',
      'a.io/app',
      'mirrors: {a.io: {endpoint: [""]}}',
      ['https:///v2/app', 'https://a.io/v2/app'],
      ['https://a.io/v2/app'],
    ],
    [
      'take localhost for a registry, and for a part of a Docker Hub name',
      'localhost/app',
      '',
      ['https://localhost/v2/app'],
      ['https://index.docker.io/v2/localhost/app'],
    ],
    [
      'take a capital letter for a registry, and refuse it',
      'Foo/app',
      '',
      ['https://Foo/v2/app'],
      [],
    ],
    ['know names of one letter, and refuse them', 'a.io/x', '', ['https://a.io/v2/x'], []],
  ])('%s', (_what, image, file, containerd, bootstrap) => {
    expect(urls('k3s-containerd', image, file)).toEqual(containerd);
    expect(urls('rke2-bootstrap', image, file)).toEqual(bootstrap);
  });

  test('honour a disabled default, and do not', () => {
    const file = 'mirrors: {a.io: {endpoint: [m.io]}}';
    const disabled = { disableDefaultEndpoint: true };
    expect(urls('k3s-containerd', 'a.io/app', file, disabled)).toEqual(['https://m.io/v2/app']);
    expect(urls('rke2-bootstrap', 'a.io/app', file, disabled)).toHaveLength(2);
  });

  const login = '{auth: {username: u, password: p}}';
  const users = (engine: PullEngine, image: string, file: string) =>
    ask(engine, image, file).map(({ credential }) => credential?.username ?? null);

  test('never use wildcard settings on a mirror, and do', () => {
    const file = `mirrors: {a.io: {endpoint: [m.io]}}\nconfigs: {"*": ${login}}`;
    expect(users('k3s-containerd', 'a.io/app', file)).toEqual([null, null]);
    expect(users('rke2-bootstrap', 'a.io/app', file)).toEqual(['u', 'u']);
  });

  test.each<[string, string | null, string | null]>([
    ['registry-1.docker.io', 'u', null],
    ['docker.io', 'u', 'u'],
    ['index.docker.io', null, 'u'],
  ])('look for the login of Docker Hub: %s', (key, containerd, bootstrap) => {
    const file = `configs: {${key}: ${login}}`;
    expect(users('k3s-containerd', 'nginx', file)).toEqual([containerd]);
    expect(users('rke2-bootstrap', 'nginx', file)).toEqual([bootstrap]);
  });

  test('expect the key inside the certificate, and give up the TLS settings', () => {
    const file = 'configs: {a.io: {tls: {ca_file: /ca, cert_file: /c}}}';
    const tls = (engine: PullEngine) => ask(engine, 'a.io/app', file)[0]?.tls;
    expect(tls('k3s-containerd')).toEqual({ caFile: '/ca', certFile: '/c' });
    expect(tls('rke2-bootstrap')).toBeNull();
  });

  test('both pull nothing with a file that does not load', () => {
    for (const engine of ['k3s-containerd', 'rke2-bootstrap'] as const) {
      const plan = planPull({ image: 'a.io/app', engine, registriesYaml: 'mirrors: []' });
      expect(plan).toMatchObject({
        value: { attempts: [], warnings: [{ code: 'pull-plan.registries-yaml-load-error' }] },
      });
    }
  });
});

import { describe, expect, test } from 'vitest';
import { planPull } from './plan-pull.js';
import type { PullEngine, PullPlan, PullQuestion } from './pull-plan.js';

function plan(question: Partial<PullQuestion>): PullPlan {
  const answer = planPull({ image: 'nginx', engine: 'k3s-containerd', ...question });
  if (!answer.ok) {
    throw new Error(answer.error.code);
  }
  return answer.value;
}

const urls = (question: Partial<PullQuestion>) => plan(question).attempts.map((a) => a.url);
const codes = (question: Partial<PullQuestion>) => plan(question).warnings.map((w) => w.code);
const mirror = (registry: string, ...endpoints: string[]) =>
  `mirrors: {"${registry}": {endpoint: ${JSON.stringify(endpoints)}}}\n`;
const hub = 'https://registry-1.docker.io/v2/library/nginx/manifests/latest';

describe('the requests of K3s', () => {
  test('without a file go to the registry itself', () => {
    expect(plan({})).toEqual({
      reference: 'docker.io/library/nginx:latest',
      directory: null,
      attempts: [
        {
          method: 'HEAD',
          url: hub,
          endpoint: 'https://registry-1.docker.io/v2',
          image: 'registry-1.docker.io/library/nginx:latest',
          isDefault: true,
          tls: null,
          credential: null,
        },
      ],
      warnings: [],
    });
  });

  test('go to mirrors in order and to the default last, with ns for mirrors only', () => {
    const registriesYaml = mirror('docker.io', 'https://a.io:5000', 'https://b.io/v2/proxy');
    expect(urls({ registriesYaml })).toEqual([
      'https://a.io:5000/v2/library/nginx/manifests/latest?ns=docker.io',
      'https://b.io/v2/proxy/library/nginx/manifests/latest?ns=docker.io',
      hub,
    ]);
  });

  test('ask a mirror for the rewritten name and the default for the original', () => {
    const registriesYaml =
      'mirrors: {docker.io: {endpoint: ["https://registry.example.com:5000"], rewrite: {"^rancher/(.*)": "mirrorproject/rancher-images/$1"}}}';
    const { attempts } = plan({ image: 'rancher/mirrored-pause:3.6', registriesYaml });
    expect(attempts.map((a) => a.image)).toEqual([
      'registry.example.com:5000/mirrorproject/rancher-images/mirrored-pause:3.6',
      'registry-1.docker.io/rancher/mirrored-pause:3.6',
    ]);
    expect(attempts[0]?.url).toBe(
      'https://registry.example.com:5000/v2/mirrorproject/rancher-images/mirrored-pause/manifests/3.6?ns=docker.io',
    );
  });

  test.each([
    ['registry.example.com/app', 'https://registry.example.com:443', '?ns=registry.example.com'],
    ['registry.example.com:5000/app', 'https://m.io', '?ns=registry.example.com%3A5000'],
    ['nginx', 'https://index.docker.io', '?ns=docker.io'],
    ['nginx', 'https://registry-1.docker.io/x/v2', ''],
    ['m.io/app', 'https://m.io/x/v2', ''],
  ])('for %s at %s carry %j', (image, endpoint, query) => {
    const registry = image === 'nginx' ? 'docker.io' : image.slice(0, image.indexOf('/'));
    const [first] = urls({ image, registriesYaml: mirror(registry, endpoint) });
    expect(first?.replace(/^[^?]*/, '')).toBe(query);
  });

  test.each([
    ['https://h/prefix', 'https://h/prefix/library/nginx/manifests/latest?ns=docker.io'],
    ['https://h/prefix/', 'https://h/prefix/library/nginx/manifests/latest?ns=docker.io'],
    ['https://h/v2/', 'https://h/v2/library/nginx/manifests/latest?ns=docker.io'],
    ['https://u:p@h/?q#f', 'https://h/v2/library/nginx/manifests/latest?ns=docker.io'],
    ['https://hé.io', 'https://hé.io/v2/library/nginx/manifests/latest?ns=docker.io'],
    ['http://h:80', 'http://h:80/v2/library/nginx/manifests/latest?ns=docker.io'],
  ])('to %s are %s', (endpoint, url) => {
    expect(urls({ registriesYaml: mirror('docker.io', endpoint) })[0]).toBe(url);
  });

  test('name the digest, and drop the tag beside it', () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    expect(urls({ image: `nginx:1@${digest}` })).toEqual([hub.replace('latest', digest)]);
    expect(codes({ image: `nginx:1@${digest}` })).toEqual(['pull-plan.tag-ignored']);
  });

  test('use a directory of the registry before the one for all, without mixing them', () => {
    const registriesYaml =
      'mirrors: {"*": {endpoint: ["https://all.io"]}, quay.io: {endpoint: ["https://q.io"]}}';
    expect(plan({ image: 'quay.io/a', registriesYaml }).directory).toBe('quay.io');
    expect(urls({ image: 'quay.io/a', registriesYaml })).toHaveLength(2);
    expect(plan({ image: 'ghcr.io/a', registriesYaml }).directory).toBe('_default');
    expect(urls({ image: 'ghcr.io/a', registriesYaml })).toEqual([
      'https://all.io/v2/a/manifests/latest?ns=ghcr.io',
      'https://ghcr.io/v2/a/manifests/latest',
    ]);
  });

  test('are not shielded from the wildcard by a bare mirror, but by settings', () => {
    const all = 'mirrors: {"*": {endpoint: ["https://all.io"]}, docker.io: }\n';
    expect(urls({ registriesYaml: all })).toHaveLength(2);
    const settings = `${all}configs: {docker.io: {auth: {username: u, password: p}}}\n`;
    expect(urls({ registriesYaml: settings })).toEqual([hub]);
  });

  test('never go to a disabled default, with its exceptions', () => {
    const registriesYaml = mirror('docker.io', 'https://a.io');
    const disabled = { disableDefaultEndpoint: true };
    expect(urls({ registriesYaml, ...disabled })).toHaveLength(1);
    const settings = `${registriesYaml}configs: {docker.io: {tls: {}}}\n`;
    expect(urls({ registriesYaml: settings, ...disabled })).toHaveLength(2);
    expect(codes({ registriesYaml: settings, ...disabled })).toContain(
      'pull-plan.default-still-used',
    );
    expect(urls({ registriesYaml: 'mirrors: {docker.io: }', ...disabled })).toEqual([hub]);
  });

  test.each([
    ['localhost:5000/a', 'https://localhost:5000/v2/a/manifests/latest', true],
    ['localhost:80/a', 'http://localhost:80/v2/a/manifests/latest', false],
    ['localhost/a', 'https://localhost/v2/a/manifests/latest', true],
    ['127.0.0.1:443/a', 'https://127.0.0.1:443/v2/a/manifests/latest', true],
  ])('for %s without a file are %s, TLS unverified: %s', (image, url, unverified) => {
    const [attempt] = plan({ image }).attempts;
    expect(attempt?.url).toBe(url);
    expect(attempt?.tls?.insecureSkipVerify ?? false).toBe(unverified);
  });

  test('to an http endpoint with TLS settings are made by https first', () => {
    const registriesYaml = `${mirror('docker.io', 'http://h:5000')}configs: {"h:5000": {tls: {insecure_skip_verify: true}}}`;
    expect(urls({ registriesYaml })[0]).toContain('https://h:5000/');
    expect(codes({ registriesYaml })).toContain('pull-plan.http-fallback');
  });

  test('fall back to the registry alone when hosts.toml is rejected', () => {
    const registriesYaml =
      "mirrors: {docker.io: {endpoint: ['https://a.io'], rewrite: {'^a\\.b': c}}}";
    expect(urls({ registriesYaml })).toEqual([hub]);
    expect(codes({ registriesYaml })).toEqual(['pull-plan.hosts-toml-rejected']);
  });

  test('use a pattern as TOML reads it', () => {
    const registriesYaml =
      "mirrors: {docker.io: {endpoint: ['https://a.io'], rewrite: {'^library\\u002f': 'x/'}}}";
    expect(urls({ registriesYaml })[0]).toContain('/v2/x/nginx/');
  });

  test('to the embedded registry come first and are not rewritten', () => {
    const registriesYaml =
      'mirrors: {docker.io: {endpoint: ["https://a.io"], rewrite: {"^library/": "x/"}}}';
    const question = { registriesYaml, embeddedRegistry: '127.0.0.1:6443' };
    expect(urls(question).slice(0, 2)).toEqual([
      'https://127.0.0.1:6443/v2/library/nginx/manifests/latest?ns=docker.io',
      'https://a.io/v2/x/nginx/manifests/latest?ns=docker.io',
    ]);
    expect(codes(question)).toContain('pull-plan.embedded-latest');
  });

  test('tell when two rewrites compete', () => {
    const registriesYaml =
      'mirrors: {docker.io: {endpoint: ["https://a.io"], rewrite: {"^library/": "x/", "nginx": "n"}}}';
    expect(codes({ registriesYaml })).toContain('pull-plan.rewrite-ambiguous');
  });

  test('are none when the node cannot load the file', () => {
    expect(plan({ registriesYaml: 'mirrors: []' })).toMatchObject({
      attempts: [],
      warnings: [{ code: 'pull-plan.registries-yaml-load-error' }],
    });
  });
});

describe('stock containerd', () => {
  const engine: PullEngine = 'containerd';

  test('ignores rewrites and says so', () => {
    const registriesYaml =
      'mirrors: {docker.io: {endpoint: ["https://a.io"], rewrite: {"^library/": "x/"}}}';
    expect(urls({ engine, registriesYaml })[0]).toContain('/library/nginx/');
    expect(codes({ engine, registriesYaml })).toContain('pull-plan.rewrite-ignored');
  });

  test('asks the registry itself last although the default is disabled', () => {
    const question = {
      engine,
      registriesYaml: mirror('docker.io', 'https://a.io'),
      disableDefaultEndpoint: true,
    };
    expect(urls(question).at(-1)).toBe(hub);
    expect(codes(question)).toContain('pull-plan.default-still-used');
  });

  test('does not use a login under docker.io', () => {
    const registriesYaml = 'configs: {docker.io: {auth: {username: u, password: p}}}';
    expect(plan({ engine, registriesYaml }).attempts[0]?.credential).toBeNull();
    expect(plan({ registriesYaml }).attempts[0]?.credential?.username).toBe('u');
    expect(codes({ registriesYaml })).toEqual(['pull-plan.docker-hub-login-key']);
  });
});

describe("RKE2's own first pull", () => {
  const engine: PullEngine = 'rke2-bootstrap';
  const image = 'rancher/rke2-runtime:v1.31.4-rke2r1';
  const tail = 'rancher/rke2-runtime/manifests/v1.31.4-rke2r1';

  test('has a default of its own for Docker Hub and needs no ns there', () => {
    expect(plan({ engine, image })).toMatchObject({
      directory: null,
      attempts: [{ method: 'GET', url: `https://index.docker.io/v2/${tail}`, isDefault: true }],
    });
  });

  test('finds mirrors under docker.io, index.docker.io, the default ports and *', () => {
    const at = (key: string, name = image) =>
      urls({ engine, image: name, registriesYaml: mirror(key, 'https://m.io') });
    expect(at('docker.io')[0]).toBe(`https://m.io/v2/${tail}?ns=docker.io`);
    expect(at('index.docker.io')).toHaveLength(2);
    expect(at('registry-1.docker.io')).toHaveLength(1);
    expect(at('r.io:443', 'r.io/app')).toHaveLength(2);
    expect(at('r.io:80', 'r.io/app')).toHaveLength(2);
    expect(at('r.io:5000', 'r.io/app')).toHaveLength(1);
    expect(at('*', 'r.io/app')[0]).toContain('?ns=r.io');
  });

  test('appends the default always, keeps duplicates and cleans paths', () => {
    const registriesYaml = mirror('r.io', 'r.io', 'https://m.io/p/', 'https://m.io/p/', '/v2', '');
    const question = { engine, image: 'r.io/app', registriesYaml, disableDefaultEndpoint: true };
    expect(urls(question)).toEqual([
      'https://r.io/v2/app/manifests/latest',
      'https://m.io/p/app/manifests/latest?ns=r.io',
      'https://m.io/p/app/manifests/latest?ns=r.io',
      'https://r.io/v2/app/manifests/latest',
    ]);
    expect(codes(question)).toContain('pull-plan.endpoint-skipped');
    expect(codes(question)).toContain('pull-plan.default-still-used');
  });

  test('rewrites on other hosts only, and only to valid names', () => {
    const registriesYaml =
      'mirrors: {docker.io: {endpoint: ["https://m.io", "https://index.docker.io/x"], rewrite: {"^rancher/": "r/", "^rancher": "R"}}}';
    expect(urls({ engine, image, registriesYaml })).toEqual([
      'https://m.io/v2/r/rke2-runtime/manifests/v1.31.4-rke2r1?ns=docker.io',
      `https://index.docker.io/x/${tail}`,
      `https://index.docker.io/v2/${tail}`,
    ]);
  });

  test('applies wildcard settings to hosts without an entry, even an empty one', () => {
    const registriesYaml = `${mirror('docker.io', 'https://m.io', 'https://n.io')}configs: {"*": {auth: {username: u, password: p}, tls: {insecure_skip_verify: true}}, n.io: }`;
    const { attempts } = plan({ engine, image, registriesYaml });
    expect(attempts.map((a) => [a.credential?.username, a.tls])).toEqual([
      ['u', { insecureSkipVerify: true }],
      [undefined, null],
      ['u', { insecureSkipVerify: true }],
    ]);
  });

  test('does not use registry-1.docker.io, nor TLS settings with half a client certificate', () => {
    const registriesYaml = `${mirror('docker.io', 'https://m.io')}configs: {registry-1.docker.io: {auth: {username: u}}, m.io: {tls: {cert_file: /c, ca_file: /a}}}`;
    const { attempts } = plan({ engine, image, registriesYaml });
    expect(attempts).toMatchObject([{ tls: null }, { credential: null }]);
  });
});

describe('logins', () => {
  const secret = (auths: object) => ({ auths });
  const entry = { username: 'pod', password: 'p' };
  const registriesYaml = `${mirror('docker.io', 'https://m.io')}configs: {m.io: {auth: {username: node, password: p}}}`;
  const users = (question: Partial<PullQuestion>) =>
    plan(question).attempts.map((a) => a.credential?.username ?? null);

  test('come from the entry of the host that is asked', () => {
    expect(users({ registriesYaml })).toEqual(['node', null]);
    expect(plan({ registriesYaml }).attempts[0]?.credential?.from).toBe(
      'registries.yaml configs["m.io"]',
    );
  });

  test('of the pod win for every host of the pull', () => {
    const question = {
      registriesYaml,
      pullSecrets: [secret({ 'https://index.docker.io/v1/': entry })],
    };
    expect(users(question)).toEqual(['pod', 'pod']);
    expect(codes(question)).toEqual(['pull-plan.pull-secret-beats-node-login']);
  });

  test('of the pod count only when they match, in any form of the secret', () => {
    const json = JSON.stringify(secret({ 'quay.io': entry }));
    expect(users({ registriesYaml, pullSecrets: [json] })).toEqual(['node', null]);
    for (const pullSecret of [json, btoa(json), secret({ 'quay.io': entry })]) {
      expect(users({ image: 'quay.io/a', pullSecrets: [pullSecret] })).toEqual(['pod']);
    }
    expect(codes({ pullSecrets: ['nonsense', 5] })).toEqual(['pull-plan.pull-secret-unreadable']);
  });

  test('of the pod are tried one after the other, longer paths first', () => {
    const pullSecrets = [
      secret({ 'quay.io': entry, 'quay.io/coreos': { ...entry, username: 'long' } }),
    ];
    const question = { image: 'quay.io/coreos/etcd', pullSecrets };
    expect(users(question)).toEqual(['long']);
    expect(codes(question)).toEqual(['pull-plan.several-pull-secrets']);
  });

  test('under * never match, and an empty block is anonymous', () => {
    const yaml = 'configs: {"*": {auth: {username: u, password: p}}, quay.io: {auth: {token: t}}}';
    expect(users({ image: 'ghcr.io/app', registriesYaml: yaml })).toEqual([null]);
    expect(users({ image: 'quay.io/a', registriesYaml: yaml })).toEqual([null]);
  });

  test('never show a secret', () => {
    const yaml =
      'configs: {quay.io: {auth: {username: u, password: planted-1, auth: cGxhbnRlZA==}}}';
    const pullSecrets = [secret({ 'ghcr.io': { username: 'u', password: 'planted-2' } })];
    const text = JSON.stringify(
      ['quay.io/a', 'ghcr.io/app'].map((image) =>
        plan({ image, registriesYaml: yaml, pullSecrets }),
      ),
    );
    expect(text).not.toContain('planted');
  });
});

test('an image that is no name is an error with a code', () => {
  expect(planPull({ image: 'https://x/y', engine: 'containerd' })).toMatchObject({
    ok: false,
    error: { code: 'reference.scheme' },
  });
});

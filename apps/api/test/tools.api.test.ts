import { endpoints, ImageListPlan } from '@moorage/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildUser, type TestUser } from './factories.js';
import { clientOf, type Harness, problemOf, startHarness } from './harness.js';

let harness: Harness;
let user: TestUser;
beforeAll(async () => {
  harness = await startHarness();
  user = await buildUser(harness);
});
afterAll(() => harness.close());

const SEED = `mirrors:
  docker.io:
    endpoint:
      - "https://mycustomreg.com:5000"
configs:
  "mycustomreg:5000":
    auth:
      username: xxxxxx
      password: planted-tool-secret
`;

describe('200', () => {
  it('finds a configs key that no endpoint uses and shows no secret', async () => {
    const report = await user.client(endpoints.checkRegistriesYaml, {
      body: { document: SEED, distribution: 'k3s' },
    });
    expect(report.diagnostics.map(({ line }) => line)).toContain(6);
    expect(report.containerdAuth['mycustomreg:5000']).toEqual({
      username: 'xxxxxx',
      kinds: ['password'],
    });
    expect(report.hosts['docker.io']?.hostsToml).toContain(
      '[host."https://mycustomreg.com:5000/v2"]',
    );
    expect(JSON.stringify(report)).not.toContain('planted-tool-secret');
  });

  it('reports a file that K3s would not load as invalid, with no hosts', async () => {
    const report = await user.client(endpoints.checkRegistriesYaml, {
      body: {
        document: 'mirrors:\n  docker.io:\n    endpoint: https://a.example\n',
        distribution: 'k3s',
      },
    });
    expect(report).toMatchObject({ valid: false, hosts: {} });
    expect(report.diagnostics.map(({ code }) => code)).toContain('registries-yaml.load-error');
  });

  it('plans the requests of a pull in order', async () => {
    const plan = await user.client(endpoints.planPull, {
      body: { image: 'nginx:1.29', engine: 'k3s-containerd', registriesYaml: SEED },
    });
    expect(plan.attempts.map(({ url }) => url)).toEqual([
      'https://mycustomreg.com:5000/v2/library/nginx/manifests/1.29?ns=docker.io',
      'https://registry-1.docker.io/v2/library/nginx/manifests/1.29',
    ]);
  });

  it('rewrites as Go does, not as JavaScript does', async () => {
    const outcome = await user.client(endpoints.applyRewrite, {
      body: { pattern: '(.*)', replacement: 'docker/$1', repository: 'library/busybox' },
    });
    expect(outcome).toEqual({
      result: 'docker/library/busybox',
      changed: true,
      compiles: true,
      toml: { parses: true, patternSeen: '(.*)' },
    });
  });

  it('takes an image reference apart', async () => {
    const parts = await user.client(endpoints.parseImageReference, { body: { image: 'nginx' } });
    expect(parts).toMatchObject({
      registry: 'docker.io',
      repository: 'library/nginx',
      tag: 'latest',
      digest: null,
      normalized: 'docker.io/library/nginx:latest',
    });
  });

  it('matches docker config keys in the order of the kubelet', async () => {
    const { matched } = await user.client(endpoints.matchDockerConfig, {
      body: { keys: ['quay.io', 'ghcr.io', 'quay.io/coreos'], image: 'quay.io/coreos/etcd' },
    });
    expect(matched).toEqual(['quay.io/coreos', 'quay.io']);
  });
});

describe('an image list', () => {
  it('becomes copies, mirrors and a script, with its problems by line', async () => {
    const plan = await user.client(endpoints.planImageList, {
      body: {
        document:
          'docker.io/rancher/mirrored-pause:3.6\r\n\r\n# comment\r\nbad image;reboot\r\nrancher/mirrored-pause:3.6\r\n',
        target: 'https://reg.example.com:5000/mirror',
      },
    });
    expect(ImageListPlan.strict().parse(plan)).toMatchObject({
      images: [
        {
          line: 1,
          source: 'docker.io/rancher/mirrored-pause:3.6',
          target: 'reg.example.com:5000/mirror/rancher/mirrored-pause:3.6',
        },
      ],
      problems: [{ line: 4, text: 'bad image;reboot', code: 'image-list.blanks' }],
      duplicates: 1,
      mirrors: [
        {
          registry: 'docker.io',
          endpoints: ['https://reg.example.com:5000'],
          rewrites: [{ pattern: '^(.*)$', replacement: 'mirror/$1' }],
        },
      ],
    });
    expect(plan.script).not.toContain('reboot');
  });

  it('is refused without a target that can be one, which is not repeated', async () => {
    const problem = await problemOf(
      user.client(endpoints.planImageList, {
        body: { document: 'nginx', target: 'https://user:planted@reg.example.com' },
      }),
    );
    expect(problem).toMatchObject({ status: 400, code: 'request.invalid' });
    expect(problem.errors).toMatchObject([{ pointer: '/target', code: 'address.userinfo' }]);
    expect(JSON.stringify(problem)).not.toContain('planted');
  });
});

describe('401', () => {
  it('refuses a caller who is not signed in', async () => {
    const stranger = clientOf(harness);
    const problem = await problemOf(
      stranger(endpoints.parseImageReference, { body: { image: 'nginx' } }),
    );
    expect(problem).toMatchObject({ status: 401, code: 'session.required' });
  });
});

describe('422', () => {
  it('names what is wrong with an image reference', async () => {
    const problem = await problemOf(
      user.client(endpoints.parseImageReference, { body: { image: 'https://example.com/app' } }),
    );
    expect(problem).toMatchObject({ status: 422, code: 'image.reference-invalid' });
    expect(problem.errors?.[0]?.code).toMatch(/^reference\./);
  });
});

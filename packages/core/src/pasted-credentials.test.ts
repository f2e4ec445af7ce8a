import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePastedCredentials } from './pasted-credentials.js';
import { encodeUtf8Base64 } from './utf8-base64.js';

/** address, scope, user name, password */
type Row = readonly [string, string, string, string | null];

function read(text: string): { rows: readonly Row[]; codes: readonly string[] } {
  const { credentials, problems } = parsePastedCredentials(text);
  return {
    rows: credentials.map(({ address, scope, username, password }): Row => {
      return [address, scope, username, password?.reveal() ?? null];
    }),
    codes: problems.map(({ code }) => code),
  };
}

const elsewhere = ['pasted.password-elsewhere'];

describe('login commands', () => {
  it.each<[string, Row, readonly string[]]>([
    ['docker login -u ci -p s3cret ghcr.io', ['ghcr.io', '', 'ci', 's3cret'], []],
    ['docker login -u ci -p s3cret', ['docker.io', '', 'ci', 's3cret'], []],
    ['$ sudo docker login ghcr.io -uci -ps3cret', ['ghcr.io', '', 'ci', 's3cret'], []],
    [
      '/usr/bin/docker login --username=ci --password=s3cret ghcr.io',
      ['ghcr.io', '', 'ci', 's3cret'],
      [],
    ],
    [
      'docker login --username ci --password "s3 cret" https://ghcr.io/',
      ['ghcr.io', '', 'ci', 's3 cret'],
      [],
    ],
    [
      "docker login -u 'robot$team+ci' -p 'a$b' harbor.example.com/team",
      ['harbor.example.com', 'team', 'robot$team+ci', 'a$b'],
      [],
    ],
    [
      'docker login -u robot$ci -p pa$word harbor.example.com',
      ['harbor.example.com', '', 'robot$ci', 'pa$word'],
      [],
    ],
    ['docker login \\\n  -u ci \\\n  -p s3cret \\\n  ghcr.io', ['ghcr.io', '', 'ci', 's3cret'], []],
    ['podman login --tls-verify -u ci -p s3cret quay.io', ['quay.io', '', 'ci', 's3cret'], []],
    ['docker login --config /tmp/x -u ci -p s3cret quay.io', ['quay.io', '', 'ci', 's3cret'], []],
    ['helm registry login -u ci -p s3cret ghcr.io', ['ghcr.io', '', 'ci', 's3cret'], []],
    ['crane auth login -u ci -p s3cret ghcr.io', ['ghcr.io', '', 'ci', 's3cret'], []],
    [
      'echo s3cret | docker login -u ci --password-stdin ghcr.io',
      ['ghcr.io', '', 'ci', 's3cret'],
      [],
    ],
    [
      'echo -n "s3cret" | docker login -u ci --password-stdin ghcr.io',
      ['ghcr.io', '', 'ci', 's3cret'],
      [],
    ],
    [
      "printf '%s' s3cret | docker login -u ci --password-stdin ghcr.io",
      ['ghcr.io', '', 'ci', 's3cret'],
      [],
    ],
    [
      'docker login -u ci --password-stdin ghcr.io <<< "s3cret"',
      ['ghcr.io', '', 'ci', 's3cret'],
      [],
    ],
    [
      'docker login -u ci --password-stdin ghcr.io <<< "$TOKEN"',
      ['ghcr.io', '', 'ci', null],
      elsewhere,
    ],
    [
      'echo $CR_PAT | docker login ghcr.io -u ci --password-stdin',
      ['ghcr.io', '', 'ci', null],
      elsewhere,
    ],
    [
      'cat key.json | docker login -u _json_key --password-stdin https://eu.gcr.io',
      ['eu.gcr.io', '', '_json_key', null],
      elsewhere,
    ],
    [
      'echo a b | docker login -u ci --password-stdin ghcr.io',
      ['ghcr.io', '', 'ci', null],
      elsewhere,
    ],
    [
      'aws ecr get-login-password --region eu-west-1 | docker login --username AWS --password-stdin 123456789012.dkr.ecr.eu-west-1.amazonaws.com',
      ['123456789012.dkr.ecr.eu-west-1.amazonaws.com', '', 'AWS', null],
      elsewhere,
    ],
    [
      'docker login -u AWS -p $(aws ecr get-login-password) public.ecr.aws',
      ['public.ecr.aws', '', 'AWS', null],
      elsewhere,
    ],
    ['docker login -u ci --password=$TOKEN ghcr.io', ['ghcr.io', '', 'ci', null], elsewhere],
    ['docker login -u ci -p "" ghcr.io', ['ghcr.io', '', 'ci', null], elsewhere],
    ['docker login ghcr.io', ['ghcr.io', '', '', null], ['pasted.username-missing', ...elsewhere]],
    [
      'kubectl create secret docker-registry regcred --docker-server=ghcr.io --docker-username=ci --docker-password=s3cret -n team',
      ['ghcr.io', '', 'ci', 's3cret'],
      [],
    ],
    [
      'kubectl create secret docker-registry regcred --docker-username=ci',
      ['docker.io', '', 'ci', null],
      elsewhere,
    ],
  ])('reads %s', (text, row, codes) => {
    expect(read(text)).toEqual({ rows: [row], codes });
  });

  it('reads several commands', () => {
    const text = 'docker login -u a -p x ghcr.io && docker login -u b -p y quay.io\necho done';
    expect(read(text).rows).toEqual([
      ['ghcr.io', '', 'a', 'x'],
      ['quay.io', '', 'b', 'y'],
    ]);
  });

  it.each<[string, readonly string[]]>([
    ['docker login -u ci -p s3cret hub.docker.com', ['address.lookalike']],
    ["docker login -u ci -p 's3cret ghcr.io", ['pasted.open-quote']],
    ['docker pull ghcr.io/login/app', ['pasted.nothing-found']],
    ['sudo echo login', ['pasted.nothing-found']],
    ['# docker pull login\n$', ['pasted.nothing-found']],
  ])('finds no login in %s', (text, codes) => {
    expect(read(text)).toEqual({ rows: [], codes });
    expect(JSON.stringify(parsePastedCredentials(text))).not.toContain('s3cret');
  });
});

const config = '{"auths":{"ghcr.io/team-a/":{"auth":"Y2k6czNjcmV0"}}}';
const encoded = encodeUtf8Base64(config);
const row: Row = ['ghcr.io', 'team-a', 'ci', 's3cret'];

function secretYaml(body: string): string {
  return `apiVersion: v1\nkind: Secret\nmetadata:\n  name: regcred\n${body}`;
}

describe('documents', () => {
  it.each<[string, string]>([
    ["Docker's config.json", config],
    ['the same in base64', encoded],
    ['wrapped base64', encoded.replace(/.{20}/g, '$&\n')],
    ['a .dockercfg', '{"ghcr.io/team-a/":{"auth":"Y2k6czNjcmV0"}}'],
    ['config.json written as YAML', 'auths:\n  ghcr.io/team-a/:\n    auth: Y2k6czNjcmV0\n'],
    [
      'a Secret',
      secretYaml(`type: kubernetes.io/dockerconfigjson\ndata:\n  .dockerconfigjson: ${encoded}\n`),
    ],
    [
      'a folded value',
      secretYaml(
        `data:\n  .dockerconfigjson: >-\n    ${encoded.slice(0, 20)}\n    ${encoded.slice(20)}\n`,
      ),
    ],
    [
      'stringData',
      secretYaml(
        `stringData:\n  .dockerconfigjson: '${config}'\ndata:\n  .dockerconfigjson: e30=\n`,
      ),
    ],
    [
      'the legacy type',
      secretYaml(
        'type: kubernetes.io/dockercfg\nstringData:\n  .dockercfg: \'{"ghcr.io/team-a":{"auth":"Y2k6czNjcmV0"}}\'\n',
      ),
    ],
    [
      'a Secret as JSON',
      JSON.stringify({ kind: 'Secret', data: { '.dockerconfigjson': encoded } }),
    ],
    [
      'a List',
      JSON.stringify({
        kind: 'List',
        items: [{ kind: 'Secret', data: { '.dockerconfigjson': encoded } }],
      }),
    ],
    [
      'several documents',
      `---\n---\n${secretYaml(`data:\n  .dockerconfigjson: ${encoded}\n`)}---\n`,
    ],
  ])('reads %s', (_what, text) => {
    expect(read(text)).toEqual({ rows: [row], codes: [] });
  });

  it('reads what Docker and others wrote', () => {
    const url = new URL('../fixtures/docker-config/docker-login.json', import.meta.url);
    expect(read(readFileSync(url, 'utf8')).rows).toEqual([
      ['ghcr.io', '', 'octo', 's3cret'],
      ['registry.example.com:5000', '', 'üser', 'pä$ß'],
    ]);
  });

  it.each<[string, string, readonly string[]]>([
    ['nothing', ' \n', ['pasted.empty']],
    ['too much', 'x'.repeat(1024 * 1024 + 1), ['pasted.too-large']],
    ['prose', 'the password is s3cret', ['pasted.not-readable']],
    ['broken JSON', '{"auths": {"ghcr.io": {"auth": "s3cret', ['pasted.not-readable']],
    ['broken YAML', 'kind: Secret\n\tdata: s3cret', ['pasted.not-readable']],
    ['comments only', '# s3cret', ['pasted.nothing-found']],
    ['another object', 'kind: ServiceAccount\nsecret: s3cret', ['pasted.not-a-secret']],
    ['another Secret', secretYaml('data:\n  token: s3cret\n'), ['pasted.not-a-pull-secret']],
    ['a Secret without data', secretYaml(''), ['pasted.not-a-pull-secret']],
    ['a Secret without name', 'kind: Secret', ['pasted.not-a-pull-secret']],
    [
      'a value that is no base64',
      secretYaml('data:\n  .dockerconfigjson: s3cret!\n'),
      ['pasted.secret-not-base64'],
    ],
    [
      'a value that is no text',
      secretYaml('data:\n  .dockerconfigjson: [s3cret]\n'),
      ['pasted.secret-not-base64'],
    ],
    [
      'stringData that is no text',
      secretYaml('stringData:\n  .dockerconfigjson: {a: s3cret}\n'),
      ['pasted.secret-not-base64'],
    ],
    [
      'a value that is no JSON',
      secretYaml('stringData:\n  .dockerconfigjson: s3cret\n'),
      ['docker-config.not-json'],
    ],
    ['auths that are none', '{"auths": "s3cret"}', ['docker-config.auths-not-an-object']],
    [
      'a session token',
      '{"auths":{"a.azurecr.io":{"identitytoken":"s3cret"}}}',
      ['pasted.token-only'],
    ],
    ['a wildcard key', '{"auths":{"*.azurecr.io":{"auth":"Y2k6czNjcmV0"}}}', ['address.wildcard']],
    [
      'a credential store',
      '{"auths":{"ghcr.io":{}},"credsStore":"desktop"}',
      ['docker-config.entry-empty', 'docker-config.credential-helper'],
    ],
    [
      'an alias bomb',
      `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [${'*a,'.repeat(9)}]\nc: &c [${'*b,'.repeat(9)}]\nd: [${'*c,'.repeat(9)}]`,
      ['pasted.not-readable'],
    ],
  ])('reports %s without showing it', (_what, text, codes) => {
    expect(read(text)).toEqual({ rows: [], codes });
    expect(JSON.stringify(parsePastedCredentials(text))).not.toContain('s3cret');
  });

  it('keeps the good entries beside the bad ones and says which are bad', () => {
    const text =
      '{"auths":{"bad":{"auth":"Y2k6czNjcmV0"},"ghcr.io/team-a":{"auth":"Y2k6czNjcmV0"}}}';
    const { credentials, problems } = parsePastedCredentials(text);
    expect(credentials.map(({ address }) => address)).toEqual(['ghcr.io']);
    expect(problems.map(({ code, where }) => [code, where])).toEqual([['address.no-dot', 'bad']]);
  });

  // The YAML library's own check for duplicate keys took minutes for this.
  it('reads a document of many keys without delay', { timeout: 10_000 }, () => {
    const keys = Array.from({ length: 20_000 }, (_, index) => `k${index}: 1`).join('\n');
    expect(parsePastedCredentials(keys).problems).toHaveLength(20_000);
    expect(read(`${keys}\n`.repeat(3)).codes).toEqual(['pasted.not-readable']);
  });

  it('does not follow lists into the depth', () => {
    const text = `${'{"items":['.repeat(5000)}${']}'.repeat(5000)}`;
    expect(read(text).rows).toEqual([]);
  });

  it('cuts a long kind', () => {
    const { problems } = parsePastedCredentials(`kind: ${'x'.repeat(1000)}`);
    expect(problems[0]?.where).toHaveLength(300);
  });

  it('never throws and never stays silent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const { credentials, problems } = parsePastedCredentials(text);
        expect(credentials.length + problems.length).toBeGreaterThan(0);
      }),
    );
  });
});

import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CallInput,
  endpoints,
  NodeConfig,
  NodeConfigLink,
  ProblemDocument,
} from '@moorage/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NodeConfigLinksRepository } from '../src/node-config/node-config-links.repository.js';
import { buildApiKey, buildCast, buildMemberUser, type Cast } from './factories.js';
import { clientOf, type Harness, problemOf, startHarness } from './harness.js';
import { addRegistry, loadTraces, refusalsOf } from './registry-calls.js';

let harness: Harness;
let cast: Cast;
let env: string;
const SECRET = "planted 'link' $secret `id`";

beforeAll(async () => {
  harness = await startHarness();
});
beforeEach(async () => {
  cast = await buildCast(harness);
  env = cast.environment.name;
  await addRegistry(cast.owner.client, env, {
    address: 'reg.example.com:5000',
    credential: { username: 'ci', password: SECRET },
  });
});
afterAll(() => harness.close());

type Body = CallInput<typeof endpoints.createNodeConfigLink>['body'];
type Caller = Pick<Cast['owner'], 'client'>;
const createLink = (body: Body = {}, caller: Caller = cast.owner) =>
  caller.client(endpoints.createNodeConfigLink, { env, body });

/** As a node would: without any login. */
async function open(url: string, init: RequestInit = {}) {
  const response = await fetch(url, init);
  const text = await response.text();
  const type = response.headers.get('content-type') ?? '';
  const code =
    text !== '' && type.startsWith('application/problem+json')
      ? ProblemDocument.parse(JSON.parse(text)).code
      : null;
  return { response, text, type, code, status: response.status };
}
const gone = { status: 410, code: 'node-config.link-gone' };

describe('201', () => {
  it('makes a link to this server that is a word of a shell, for ten minutes', async () => {
    const link = NodeConfigLink.strict().parse(await createLink());
    expect(link.url).toMatch(
      new RegExp(`^${harness.origin}/api/v1/node-config/links/mrl_[0-9a-f]{32}_[0-9a-f]{64}$`),
    );
    expect(link.command).toBe(`curl -fsS '${link.url}' | sh`);
    const leftMs = Date.parse(link.expiresAt) - Date.now();
    expect(leftMs).toBeGreaterThan(590_000);
    expect(leftMs).toBeLessThanOrEqual(600_000);
  });

  it('is on record without its token, which the database does not hold either', async () => {
    const { url } = await createLink({ format: 'containerd-hosts', expiresInSeconds: 60 });
    const traces = await loadTraces(harness, cast.environment.id);
    expect(traces.audit.at(-1)).toBe(`node-config.create-link ${env}`);
    const rows = await harness.database.query(
      'select l::text as row from node_config_links l union all select a::text from audit_entries a',
    );
    const [, , secret = ''] = (url.split('/').at(-1) ?? '').split('_');
    expect(secret).toHaveLength(64);
    expect(JSON.stringify([rows, harness.logLines])).not.toContain(secret);
  });

  it('points to the public address of the installation, if it has one', async () => {
    const variables = { MOORAGE_PUBLIC_URL: 'https://moorage.example.com/base/' };
    const other = await startHarness({ variables });
    try {
      const { owner, environment } = await buildCast(other);
      const key = await buildApiKey(other, owner.id, { permissions: ['node-config:secrets'] });
      const { url } = await key.client(endpoints.createNodeConfigLink, {
        env: environment.name,
        body: {},
      });
      expect(url).toMatch(/^https:\/\/moorage\.example\.com\/base\/api\/v1\/node-config\/links\//);
    } finally {
      await other.close();
    }
  });
});

describe('200', () => {
  it('gives a script with the secrets, to anybody who has the link, that installs them', async () => {
    const { url } = await createLink();
    const { status, text, type, response } = await open(url);
    expect({ status, type }).toEqual({ status: 200, type: 'text/x-shellscript; charset=utf-8' });
    expect(response.headers.get('cache-control')).toBe('no-store');
    const root = mkdtempSync(join(tmpdir(), 'moorage-link-'));
    try {
      const output = execFileSync('sh', ['-s'], {
        input: text,
        env: { NODE_ENV: 'test', PATH: '/usr/bin:/bin', MOORAGE_ROOT: root },
        encoding: 'utf8',
      });
      expect(output).toContain('systemctl restart k3s');
      const written = readFileSync(join(root, 'etc/rancher/k3s/registries.yaml'), 'utf8');
      expect(written).toContain(`password: "${SECRET}"`);
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  it('gives JSON when asked, in the format and for the environment that it was made for', async () => {
    const { url } = await createLink({ format: 'rke2-registries.yaml' });
    const { text } = await open(`${url}?as=json`);
    const config = NodeConfig.strict().parse(JSON.parse(text));
    expect(config.secrets).toBe('included');
    expect(config.files[0]?.path).toBe('/etc/rancher/rke2/registries.yaml');
    expect(config.files[0]?.content).toContain(SECRET);
  });

  it('works exactly once, also when many come at the same time', async () => {
    const { url } = await createLink();
    const answers = await Promise.all(Array.from({ length: 12 }, () => open(url)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 410)).toHaveLength(11);
    const { audit } = await loadTraces(harness, cast.environment.id);
    const used = audit.filter((entry) => entry.startsWith('node-config.use-link'));
    expect(used).toHaveLength(1);
  });

  it('puts its use on record, in the name of who made it and with where it came from', async () => {
    const key = await buildApiKey(harness, cast.owner.id, { permissions: ['node-config:secrets'] });
    for (const caller of [cast.owner, key]) await open((await createLink({}, caller)).url);
    const rows = await harness.database.query(
      `select actor_kind as kind, actor_id as id, address, request_id is not null as "hasRequest"
       from audit_entries where environment_id = $1 and action = 'node-config.use-link' order by audit_entries.id`,
      [cast.environment.id],
    );
    const seen = { address: '127.0.0.1', hasRequest: true };
    expect(rows).toEqual([
      { kind: 'user', id: cast.owner.id, ...seen },
      { kind: 'api-key', id: key.id, ...seen },
    ]);
  });

  it('is given the config as it is then', async () => {
    const { url } = await createLink();
    await addRegistry(cast.owner.client, env, {
      address: 'later.example.com',
      credential: { username: 'ci', password: 'planted later' },
    });
    expect((await open(url)).text).toContain('planted later');
  });
});

describe('405', () => {
  it('is not used up by one who only looks', async () => {
    const { url } = await createLink();
    expect((await open(url, { method: 'HEAD' })).status).toBe(405);
    expect((await open(url)).status).toBe(200);
  });
});

describe('410', () => {
  it('answers used, expired and made-up links alike', async () => {
    const used = (await createLink()).url;
    await open(used);
    const expired = (await createLink()).url;
    await harness.database.execute(
      `update node_config_links set expires_at = now() - interval '1 second'`,
    );
    const base = used.slice(0, used.lastIndexOf('/'));
    const hex = '0'.repeat(64);
    const madeUp = `${base}/mrl_${randomUUID().replaceAll('-', '')}_${hex}`;
    const answers = await Promise.all([used, expired, madeUp, `${base}/x`].map((url) => open(url)));
    const documents = answers.map(({ text }) => {
      const { requestId: _, ...document } = JSON.parse(text) as ProblemDocument;
      return document;
    });
    for (const document of documents) {
      expect(document).toMatchObject(gone);
      expect(document).toEqual(documents[0]);
    }
  });

  it.each<[string, () => Promise<unknown>]>([
    [
      'the role',
      () =>
        harness.database.execute(`update members set role = 'member' where user_id = $1`, [
          cast.owner.id,
        ]),
    ],
    [
      'the membership',
      () => harness.database.execute('delete from members where user_id = $1', [cast.owner.id]),
    ],
    [
      'the account',
      () =>
        harness.database.execute(`update users set state = 'disabled' where id = $1`, [
          cast.owner.id,
        ]),
    ],
    [
      'the environment',
      () =>
        harness.database.execute(`update environments set state = 'removing' where id = $1`, [
          cast.environment.id,
        ]),
    ],
  ])('opens nothing once %s of its maker is gone', async (_, take) => {
    const { url } = await createLink();
    await take();
    expect(await open(url)).toMatchObject(gone);
  });

  it('opens nothing once the key that made it is gone, or has expired', async () => {
    const permissions = ['node-config:secrets'] as const;
    const deleted = await buildApiKey(harness, cast.owner.id, { permissions });
    const expired = await buildApiKey(harness, cast.owner.id, { permissions });
    const urls = [(await createLink({}, deleted)).url, (await createLink({}, expired)).url];
    await harness.database.execute('delete from api_keys where id = $1', [deleted.id]);
    await harness.database.execute(`update api_keys set expires_at = now() where id = $1`, [
      expired.id,
    ]);
    for (const url of urls) expect(await open(url)).toMatchObject(gone);
  });

  it('opens nothing else after its row was changed', async () => {
    const stranger = await buildMemberUser(harness, cast.environment, 'owner');
    for (const change of [
      `format = 'crio'`,
      `expires_at = expires_at + interval '1 hour'`,
      `user_id = '${stranger.id}'`,
    ]) {
      const { url } = await createLink();
      await harness.database.execute(`update node_config_links set ${change}`);
      expect(await open(url)).toMatchObject(gone);
      await harness.database.execute('delete from node_config_links');
    }
  });

  it('opens nothing once the environment has left the cluster', async () => {
    const clusterId = randomUUID();
    const targetId = randomUUID();
    await harness.database.execute(
      `insert into clusters (id, name, server, access_kind) values ($1, $2, 'https://k', 'simulated')`,
      [clusterId, `c-${clusterId.slice(0, 8)}`],
    );
    await harness.database.execute(
      `insert into targets (id, environment_id, cluster_id, secret_name) values ($1, $2, $3, 'x')`,
      [targetId, cast.environment.id, clusterId],
    );
    const { url } = await createLink({ clusterId });
    await harness.database.execute('delete from targets where id = $1', [targetId]);
    expect(await open(url)).toMatchObject(gone);
  });
});

describe('400, 401, 403, 404', () => {
  it('refuses times that are too short or too long', async () => {
    const calls = [createLink({ expiresInSeconds: 59 }), createLink({ expiresInSeconds: 3601 })];
    expect(await refusalsOf(calls)).toEqual(['400 request.invalid']);
  });

  it('is made by owners and administrators only, for clusters of the environment only', async () => {
    const nobody = { client: clientOf(harness) };
    expect(
      await refusalsOf([
        createLink({}, nobody),
        createLink({}, cast.member),
        createLink({}, cast.viewer),
        createLink({}, cast.stranger),
        createLink({ clusterId: randomUUID() }),
      ]),
    ).toEqual(['401 session.required', '403 permission.denied', '404 object.not-found']);
    expect((await createLink({}, cast.admin)).url).toContain('mrl_');
  });

  it('puts no foreign host into a command', async () => {
    const { port } = new URL(harness.origin);
    const { request } = await import('node:http');
    const status = await new Promise((resolve, reject) => {
      const call = request(
        {
          port,
          method: 'POST',
          path: `/api/v1/environments/${env}/node-config/links`,
          headers: {
            ...cast.owner.headers,
            host: "x'$(id)",
            'content-type': 'application/json',
          },
        },
        (response) => resolve(response.resume().statusCode),
      );
      call.on('error', reject).end('{}');
    });
    expect(status).toBe(400);
  });

  it('gives the reply to a repeated request no second time', async () => {
    const call = () =>
      cast.owner.client(endpoints.createNodeConfigLink, { env, body: {}, idempotencyKey: env });
    await call();
    expect(await problemOf(call())).toMatchObject({ code: 'request.idempotency-secret' });
  });
});

it('keeps no expired link', async () => {
  const { url } = await createLink();
  await harness.database.execute(`update node_config_links set expires_at = now()`);
  const fresh = (await createLink()).url;
  await harness.app.get(NodeConfigLinksRepository).deleteExpired();
  const rows = await harness.database.query('select id from node_config_links');
  expect(rows).toHaveLength(1);
  expect([(await open(url)).status, (await open(fresh)).status]).toEqual([410, 200]);
});

import { randomUUID } from 'node:crypto';
import { endpoints, NODE_CONFIG_FORMATS, NodeConfig, type Permission } from '@moorage/contract';
import { checkRegistriesYaml, maskedSecret } from '@moorage/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApiKey, buildCast, type Cast } from './factories.js';
import { clientOf, type Harness, problemOf, startHarness } from './harness.js';
import { addCredential, addRegistry, refusalsOf, tracesOf } from './registry-calls.js';
import { createKeyPair } from './self-signed.js';

let harness: Harness;
let cast: Cast;
let other: Cast;
let env: string;
const pair = createKeyPair();
const PASSWORD = 'planted "quoted" \\ $word: #1';

beforeAll(async () => {
  harness = await startHarness();
  [cast, other] = await Promise.all([buildCast(harness), buildCast(harness)]);
  env = cast.environment.name;
  const { client } = cast.owner;
  const connection = {
    caCertificate: pair.certificate,
    clientCertificate: pair.certificate,
    clientKey: pair.key,
  };
  const credential = { username: 'ci', password: PASSWORD };
  const { id } = await addRegistry(client, env, {
    address: 'reg.example.com:5000',
    connection,
    credential: { ...credential, password: 'planted older' },
  });
  await addCredential(client, env, id, credential);
  await addCredential(client, env, id, { ...credential, scope: 'team-a', username: 'scoped' });
  await addRegistry(client, env, {
    address: 'pods.example.com',
    deliver: 'pull-secret',
    credential,
  });
  const off = await addRegistry(client, env, { address: 'off.example.com', credential });
  await client(endpoints.disableRegistry, { env, registryId: off.id });
  await client(endpoints.createMirror, {
    env,
    body: {
      registry: 'docker.io',
      endpoints: ['https://reg.example.com:5000'],
      rewrites: [{ pattern: '^library/(.*)', replacement: 'hub/$1' }],
    },
  });
});
afterAll(() => harness.close());

async function buildKey(permissions: readonly Permission[], owner = cast.owner) {
  return buildApiKey(harness, owner.id, { permissions, environmentId: cast.environment.id });
}

const WITH_SECRETS = ['registries:read', 'node-config:secrets'] as const;
const read = (
  caller: { client: Cast['owner']['client'] },
  format?: (typeof NODE_CONFIG_FORMATS)[number],
) => caller.client(endpoints.getNodeConfig, { env, query: format === undefined ? {} : { format } });

function documentOf(config: NodeConfig): string {
  const file = config.files.find(({ path }) => path.endsWith('/registries.yaml'));
  return file?.content ?? '';
}

describe('200', () => {
  it.each(NODE_CONFIG_FORMATS)('renders %s without a secret for a person', async (format) => {
    const config = await read(cast.owner, format);
    // The kubelet's plugins are for registries of clouds, and there is none here.
    expect(config.files.length > 0).toBe(format !== 'kubelet-credential-provider');
    const text = JSON.stringify(config);
    for (const secret of [PASSWORD, JSON.stringify(PASSWORD).slice(1, -1), 'planted']) {
      expect(text).not.toContain(secret);
    }
    expect(text).not.toContain(Buffer.from(`ci:${PASSWORD}`).toString('base64'));
  });

  it('masks every secret for every person, whatever the role', async () => {
    const masked: NodeConfig[] = [];
    for (const user of [cast.admin, cast.owner, cast.member, cast.viewer])
      masked.push(await read(user));
    for (const config of masked) {
      expect(NodeConfig.strict().parse(config)).toEqual(masked[0]);
      expect(config.secrets).toBe('masked');
    }
    const text = JSON.stringify(masked);
    expect(text).not.toContain('planted');
    expect(text).not.toContain('PRIVATE KEY');
    expect(documentOf(masked[0] ?? (await read(cast.viewer)))).toContain(maskedSecret);
  });

  it('masks for a key without the permission, and for one whose owner does not hold it', async () => {
    for (const key of [
      await buildKey(['registries:read', 'registries:write']),
      await buildKey(WITH_SECRETS, cast.member),
    ]) {
      const config = await read(key);
      expect(config.secrets).toBe('masked');
      expect(JSON.stringify(config)).not.toContain('planted');
    }
  });

  it('opens nothing for a masked file: it renders though a secret cannot be opened', async () => {
    const registry = await addRegistry(other.owner.client, other.environment.id, {
      credential: { username: 'ci', password: 'x' },
    });
    await harness.database.execute(
      `update credentials set secret_sealed = '\\x00' where registry_id = $1`,
      [registry.id],
    );
    const config = await other.viewer.client(endpoints.getNodeConfig, {
      env: other.environment.id,
    });
    expect(documentOf(config)).toContain(registry.address);
  });

  it('leaves no trace of a masked reading', async () => {
    const traces = await tracesOf(harness, cast.environment.id, () => read(cast.owner));
    expect(traces).toEqual({ audit: [], outbox: [] });
  });

  it('gives secrets to a key with the permission, and puts each time on record', async () => {
    const key = await buildKey(WITH_SECRETS);
    const traces = await tracesOf(harness, cast.environment.id, async () => {
      const config = await read(key);
      expect(config.secrets).toBe('included');
      expect(config.files.find(({ path }) => path.endsWith('.client.key'))).toMatchObject({
        mode: '0600',
        content: pair.key,
      });
      await read(key);
    });
    const name = cast.environment.name;
    expect(traces.audit).toEqual(Array(2).fill(`node-config.read-secrets ${name}`));
  });

  it.each(['k3s', 'rke2'] as const)(
    'renders what %s loads: the effective whole-registry login, mirror and TLS files',
    async (distribution) => {
      const key = await buildKey(WITH_SECRETS);
      const config = await read(key, distribution === 'k3s' ? undefined : 'rke2-registries.yaml');
      const checked = checkRegistriesYaml({ document: documentOf(config), distribution });
      expect(checked.valid).toBe(true);
      expect(checked.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(Object.keys(checked.hosts).sort()).toEqual(['docker.io', 'reg.example.com:5000']);
      expect(checked.containerdAuth['reg.example.com:5000']).toEqual({
        username: 'ci',
        kinds: ['password'],
      });
      expect(documentOf(config)).toContain(JSON.stringify(PASSWORD));
      const paths = config.files.map(({ path }) => path);
      expect(paths.every((path) => path.startsWith(`/etc/rancher/${distribution}/`))).toBe(true);
      expect(config.notExpressible).toMatchObject([{ code: 'node-config.scoped-credential' }]);
    },
  );

  it('leaves out what is disabled and what pods alone are given', async () => {
    const document = documentOf(await read(await buildKey(WITH_SECRETS)));
    expect(document).not.toMatch(/off\.example\.com|pods\.example\.com|planted older/);
  });
});

describe('400 and 401', () => {
  it('refuses a format that there is not, and a caller that it does not know', async () => {
    const query = { format: 'podman' as 'crio' };
    const call = cast.viewer.client(endpoints.getNodeConfig, { env, query });
    expect((await problemOf(call)).code).toBe('request.invalid');
    expect((await problemOf(read({ client: clientOf(harness) }))).code).toBe('session.required');
  });
});

describe('404', () => {
  it('tells strangers nothing, nor of clusters that are not of the environment', async () => {
    const clusterId = randomUUID();
    await harness.database.execute(
      `insert into clusters (id, name, server, access_kind) values ($1, 'theirs', 'https://k', 'simulated')`,
      [clusterId],
    );
    const target = `insert into targets (id, environment_id, cluster_id, secret_name) values ($1, $2, $3, 'x')`;
    await harness.database.execute(target, [randomUUID(), other.environment.id, clusterId]);
    const key = await buildKey(WITH_SECRETS);
    const calls = [
      read(cast.stranger),
      read(other.owner),
      cast.owner.client(endpoints.getNodeConfig, { env, query: { clusterId } }),
      key.client(endpoints.getNodeConfig, { env, query: { clusterId: randomUUID() } }),
      key.client(endpoints.getNodeConfig, { env: other.environment.id }),
    ];
    expect(await refusalsOf(calls)).toEqual(['404 object.not-found']);
    const at = { env: other.environment.id, query: { clusterId } };
    expect((await other.owner.client(endpoints.getNodeConfig, at)).secrets).toBe('masked');
  });
});

import { type CallInput, endpoints, NodeConfigImportReport } from '@moorage/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildApiKey, buildCast, type Cast } from './factories.js';
import { clientOf, type Harness, problemOf, startHarness } from './harness.js';
import { addCredential, addRegistry, loadTraces, refusalsOf, tracesOf } from './registry-calls.js';

let harness: Harness;
let cast: Cast;
let env: string;
const SECRET = 'planted-import-secret';

beforeAll(async () => {
  harness = await startHarness();
});
beforeEach(async () => {
  cast = await buildCast(harness);
  env = cast.environment.name;
});
afterAll(() => harness.close());

const DOCUMENT = `# from the old node, password ${SECRET}
mirrors:
  docker.io:
    endpoint:
      - https://reg.example.com:5000
    rewrite:
      "^library/(.*)": hub/$1
configs:
  "reg.example.com:5000":
    auth:
      username: ci
      password: ${SECRET}
      token: ${SECRET}
    tls:
      ca_file: /etc/ssl/own.pem
      insecure_skip_verify: true
  "*":
    auth: {username: all, password: ${SECRET}}
`;

type Body = CallInput<typeof endpoints.importNodeConfig>['body'];
type Caller = Pick<Cast['owner'], 'client'>;
function importFile(
  document: string,
  options: { dryRun?: boolean; caller?: Caller; body?: Partial<Body> } = {},
) {
  const { dryRun, caller = cast.owner, body = {} } = options;
  return caller.client(endpoints.importNodeConfig, {
    env,
    query: dryRun === undefined ? {} : { dryRun: dryRun ? 'true' : 'false' },
    body: { document, distribution: 'k3s', ...body },
  });
}

const listAll = async () => ({
  registries: (await cast.owner.client(endpoints.listRegistries, { env })).items,
  mirrors: (await cast.owner.client(endpoints.listMirrors, { env })).items,
});

describe('200', () => {
  it('plans without changing anything', async () => {
    const traces = await tracesOf(harness, cast.environment.id, async () => {
      const report = await importFile(DOCUMENT, { dryRun: true });
      expect(NodeConfigImportReport.strict().parse(report)).toMatchObject({
        applied: false,
        registries: [
          {
            address: 'reg.example.com:5000',
            action: 'add',
            changes: ['deliver', 'connection.insecureSkipVerify'],
          },
        ],
        credentials: [{ address: 'reg.example.com:5000', username: 'ci', action: 'add' }],
        mirrors: [
          {
            registry: 'docker.io',
            action: 'add',
            endpoints: ['https://reg.example.com:5000'],
            rewrites: [{ pattern: '^library/(.*)', replacement: 'hub/$1' }],
          },
        ],
      });
      expect(report.notImported.map(({ line, code }) => `${line} ${code}`)).toEqual([
        '1 node-config-import.comment',
        '13 registries-yaml.token-ignored',
        '14 node-config-import.file-on-node',
        '17 node-config-import.config-wildcard',
      ]);
      expect(report.diagnostics.length).toBeGreaterThan(0);
      expect(JSON.stringify(report)).not.toContain(SECRET);
    });
    expect(traces).toEqual({ audit: [], outbox: [] });
    expect(await listAll()).toEqual({ registries: [], mirrors: [] });
  });

  it('applies the plan, sealed and on record, and nodes get what they had', async () => {
    const traces = await tracesOf(harness, cast.environment.id, async () => {
      expect((await importFile(DOCUMENT)).applied).toBe(true);
    });
    expect(traces).toEqual({
      audit: [
        'registry.create reg.example.com:5000',
        'credential.create ci on reg.example.com:5000',
        'mirror.create docker.io',
        `node-config.import ${env}`,
      ],
      outbox: ['registries created', 'credentials created', 'mirrors created'],
    });
    const { registries, mirrors } = await listAll();
    expect(registries).toMatchObject([{ deliver: 'nodes', connection: { scheme: 'https' } }]);
    expect(mirrors).toHaveLength(1);
    const key = await buildApiKey(harness, cast.owner.id, {
      permissions: ['registries:read', 'node-config:secrets'],
    });
    const config = await key.client(endpoints.getNodeConfig, { env });
    expect(config.files[0]?.content).toContain(`password: "${SECRET}"`);
    expect(config.files[0]?.content).toContain('insecure_skip_verify: true');
    const rows = await harness.database.query('select changes from audit_entries');
    expect(JSON.stringify([rows, harness.logLines])).not.toContain(SECRET);
  });

  it('changes nothing the second time, nor when its own node config is imported', async () => {
    await importFile(DOCUMENT);
    const key = await buildApiKey(harness, cast.owner.id, {
      permissions: ['registries:read', 'node-config:secrets'],
    });
    const own = (await key.client(endpoints.getNodeConfig, { env })).files[0]?.content ?? '';
    const before = await loadTraces(harness, cast.environment.id);
    for (const document of [DOCUMENT, own]) {
      const report = await importFile(document);
      const actions = [...report.registries, ...report.credentials, ...report.mirrors].map(
        ({ action }) => action,
      );
      expect(new Set(actions)).toEqual(new Set(['keep']));
    }
    expect(await loadTraces(harness, cast.environment.id)).toEqual(before);
  });

  it('adds a login on top only when it differs from the newest, and enables nothing', async () => {
    const { id } = await addRegistry(cast.owner.client, env, {
      address: 'reg.example.com:5000',
      credential: { username: 'ci', password: SECRET },
    });
    const newest = await addCredential(cast.owner.client, env, id, { username: 'other' });
    await cast.owner.client(endpoints.disableRegistry, { env, registryId: id });
    const report = await importFile(DOCUMENT);
    expect(report.credentials).toMatchObject([{ action: 'add' }]);
    expect(report.notImported.map(({ code }) => code)).toContain(
      'node-config-import.registry-disabled',
    );
    const listed = await cast.owner.client(endpoints.listCredentials, { env, registryId: id });
    expect(listed.items).toHaveLength(3);
    expect(listed.items[0]?.sequence).toBeGreaterThan(newest.sequence);
    const { registries } = await listAll();
    expect(registries).toMatchObject([{ id, state: 'disabled', deliver: 'both' }]);
  });

  it('changes a mirror in its place and leaves others alone', async () => {
    for (const registry of ['docker.io', 'quay.io'])
      await cast.owner.client(endpoints.createMirror, {
        env,
        body: { registry, endpoints: ['https://old.example.com'] },
      });
    const report = await importFile(DOCUMENT);
    expect(report.mirrors).toMatchObject([{ registry: 'docker.io', action: 'change' }]);
    expect((await listAll()).mirrors).toMatchObject([
      { registry: 'docker.io', endpoints: ['https://reg.example.com:5000'], position: 0 },
      { registry: 'quay.io', endpoints: ['https://old.example.com'], position: 1 },
    ]);
  });

  it('serves two imports of one file at once as one', async () => {
    const reports = await Promise.all([importFile(DOCUMENT), importFile(DOCUMENT)]);
    expect(reports.map(({ credentials }) => credentials[0]?.action).toSorted()).toEqual([
      'add',
      'keep',
    ]);
    const { registries } = await listAll();
    expect(registries).toMatchObject([{ credentialCount: 1 }]);
  });
});

describe('400', () => {
  it('names line and reason of a file that a node would not load, and changes nothing', async () => {
    const document = `mirrors:\n  docker.io:\n    endpoint: ${SECRET}\n${DOCUMENT.replace(/^mirrors[\s\S]*?configs/m, 'configs')}`;
    for (const dryRun of [true, false]) {
      const problem = await problemOf(importFile(document, { dryRun }));
      expect(problem).toMatchObject({
        status: 400,
        code: 'node-config.not-loadable',
        line: 3,
        errors: [{ pointer: '/document', code: 'registries-yaml.load-error' }],
      });
      expect(problem.detail).toMatch(/^Line 3, column 15: .*list/);
      expect(JSON.stringify(problem)).not.toContain(SECRET);
    }
    expect(await listAll()).toEqual({ registries: [], mirrors: [] });
  });

  it('rolls back as a whole when a part cannot be done', async () => {
    await harness.database.execute(
      `create function refuse_mirror() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$`,
    );
    await harness.database.execute(
      `create trigger refuse before insert on mirrors for each row execute function refuse_mirror()`,
    );
    expect(await problemOf(importFile(DOCUMENT))).toMatchObject({ status: 500 });
    await harness.database.execute('drop trigger refuse on mirrors');
    expect(await listAll()).toEqual({ registries: [], mirrors: [] });
  });

  it('refuses a distribution that there is not', async () => {
    const body = { distribution: 'k0s' } as unknown as Partial<Body>; // what a misspelling sends
    expect(await refusalsOf([importFile('', { body })])).toEqual(['400 request.invalid']);
  });
});

describe('401, 403, 404, 409, 413', () => {
  it('is closed to those who may not write registries', async () => {
    expect(
      await refusalsOf([
        importFile(DOCUMENT, { caller: { client: clientOf(harness) } }),
        importFile(DOCUMENT, { caller: cast.member, dryRun: true }),
        importFile(DOCUMENT, { caller: cast.viewer }),
        importFile(DOCUMENT, { caller: cast.stranger }),
      ]),
    ).toEqual(['401 session.required', '403 permission.denied', '404 object.not-found']);
  });

  it('adds nothing to an environment that is being removed', async () => {
    await harness.database.execute(`update environments set state = 'removing' where id = $1`, [
      cast.environment.id,
    ]);
    expect(await problemOf(importFile(DOCUMENT))).toMatchObject({
      status: 409,
      code: 'environment.removing',
    });
  });

  it('says what is too large', async () => {
    const document = `#${'x'.repeat(600 * 1024)}`;
    expect(await problemOf(importFile(document))).toMatchObject({
      status: 413,
      code: 'request.too-large',
      detail: 'The document is larger than 512 KiB.',
    });
  });
});

import { endpoints, SETTING_NAMES, Setting } from '@moorage/contract';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildCast, buildEnvironment, type Cast } from './factories.js';
import { type Harness, problemOf, startHarness } from './harness.js';

let harness: Harness;
let cast: Cast;
let env: string;
beforeAll(async () => {
  harness = await startHarness();
  cast = await buildCast(harness);
  env = cast.environment.id;
});
// No test sees what another stored.
afterEach(async () => {
  for (const name of SETTING_NAMES) {
    await cast.admin.client(endpoints.deleteSetting, { env, name });
    await cast.admin.client(endpoints.deleteInstallationSetting, { name });
  }
});
afterAll(() => harness.close());

async function put(
  name: string,
  value: string,
  { notes, ifMatch }: { notes?: Record<string, string>; ifMatch?: number } = {},
): Promise<Setting> {
  const stored = await cast.owner.client(endpoints.putSetting, {
    env,
    name,
    body: { value, ...(notes === undefined ? {} : { notes }) },
    ...(ifMatch === undefined ? {} : { ifMatch }),
  });
  return Setting.strict().parse(stored);
}
const clear = (name: string) => cast.owner.client(endpoints.deleteSetting, { env, name });
function putInstallation(name: string, value: string) {
  return cast.admin.client(endpoints.putInstallationSetting, { name, body: { value } });
}
const get = (name: string, where = env) =>
  cast.admin.client(endpoints.getSetting, { env: where, name });

describe('200', () => {
  it('gives built-in defaults where nothing is stored', async () => {
    const { items } = await cast.viewer.client(endpoints.listSettings, { env });
    expect(
      items.map((item) => [item.name, Setting.strict().parse(item).effective, item.source]),
    ).toEqual([
      ['registry.default', '', 'default'],
      ['registry.whitelist', '', 'default'],
      ['policy.mode', 'enforce', 'default'],
      ['policy.default-registry-at', 'workload', 'default'],
    ]);
  });

  it('inherits from the installation until the environment has its own value, and again after it is cleared', async () => {
    await putInstallation('registry.default', 'Harbor.Example.com');
    expect(await get('registry.default')).toMatchObject({
      value: null,
      effective: 'harbor.example.com',
      source: 'installation',
    });
    await put('registry.default', 'ghcr.io');
    expect(await get('registry.default')).toMatchObject({
      value: 'ghcr.io',
      effective: 'ghcr.io',
      source: 'environment',
    });
    await cast.owner.client(endpoints.deleteSetting, { env, name: 'registry.default' });
    expect(await get('registry.default')).toMatchObject({ value: null, source: 'installation' });
  });

  it('keeps an environment within an installation whitelist that was narrowed later', async () => {
    const other = await buildEnvironment(harness);
    await cast.admin.client(endpoints.putSetting, {
      env: other.id,
      name: 'registry.whitelist',
      body: { value: 'quay.io,ghcr.io' },
    });
    await putInstallation('registry.whitelist', 'ghcr.io,docker.io');
    expect(await get('registry.whitelist', other.id)).toMatchObject({
      value: 'quay.io,ghcr.io',
      effective: 'ghcr.io',
      source: 'environment',
    });
    await cast.admin.client(endpoints.deleteInstallationSetting, { name: 'registry.whitelist' });
    expect(await get('registry.whitelist', other.id)).toMatchObject({
      effective: 'quay.io,ghcr.io',
    });
  });

  it('lists and gives the settings of the installation', async () => {
    expect((await cast.admin.client(endpoints.listInstallationSettings, {})).items).toHaveLength(4);
    expect(
      await cast.admin.client(endpoints.getInstallationSetting, { name: 'policy.mode' }),
    ).toMatchObject({ source: 'default' });
  });

  it('stores Docker Hub under its one name', async () => {
    expect(
      (await put('registry.whitelist', 'index.docker.io, docker.io,registry-1.docker.io')).value,
    ).toBe('docker.io');
  });

  it('keeps the note of an entry until the entry goes, and shows it at its own level only', async () => {
    const notes = { 'https://Quay.io/': 'for the mesh', 'ghcr.io': ' ' };
    expect((await put('registry.whitelist', 'quay.io,ghcr.io', { notes })).notes).toEqual({
      'quay.io': 'for the mesh',
    });
    expect((await put('registry.whitelist', 'quay.io')).notes).toEqual({
      'quay.io': 'for the mesh',
    });
    expect((await put('registry.whitelist', 'ghcr.io')).notes).toEqual({});
    expect((await put('registry.whitelist', 'quay.io')).notes).toEqual({});
    await put('registry.whitelist', 'quay.io', { notes: { 'quay.io': 'again' } });
    const { items } = await cast.admin.client(endpoints.listInstallationSettings, {});
    expect(items.map(({ notes }) => notes)).toEqual([{}, {}, {}, {}]);
  });

  it('writes the value and the notes before and after into the audit log', async () => {
    await put('registry.whitelist', 'quay.io', { notes: { 'quay.io': 'mesh' } });
    await clear('registry.whitelist');
    await clear('registry.whitelist');
    const { items } = await cast.owner.client(endpoints.listAudit, { env });
    expect(items.slice(0, 2).map(({ action, changes }) => [action, changes])).toEqual([
      [
        'setting.delete',
        {
          value: { before: 'quay.io', after: null },
          notes: { before: { 'quay.io': 'mesh' }, after: {} },
        },
      ],
      [
        'setting.create',
        {
          value: { before: null, after: 'quay.io' },
          notes: { before: {}, after: { 'quay.io': 'mesh' } },
        },
      ],
    ]);
  });
});

describe('400', () => {
  it('refuses values that the setting does not take, and widening', async () => {
    await putInstallation('policy.mode', 'warn');
    for (const [name, value] of [
      ['policy.mode', 'off'],
      ['policy.mode', 'nope'],
      ['registry.whitelist', 'a b'],
    ] as const) {
      expect(await problemOf(put(name, value))).toMatchObject({
        status: 400,
        code: 'setting.invalid',
      });
    }
  });
});

describe('400, entry by entry', () => {
  it('names each wrong entry with its code and what may be meant', async () => {
    const refused = problemOf(put('registry.whitelist', 'harbor, ghcr.io quay.io, ghcr.io,'));
    expect(await refused).toMatchObject({
      status: 400,
      code: 'setting.invalid',
      errors: [
        { pointer: '/value', code: 'address.no-dot', entry: 'harbor' },
        { pointer: '/value', code: 'entry.blank-inside', suggestion: 'ghcr.io, quay.io' },
      ],
    });
  });

  it('names the entries with which an environment would widen the whitelist of the installation', async () => {
    await putInstallation('registry.whitelist', 'ghcr.io/org,quay.io');
    expect(
      await problemOf(put('registry.whitelist', 'ghcr.io,quay.io/team,evil.example')),
    ).toMatchObject({
      code: 'setting.invalid',
      errors: [
        { code: 'policy.wider-entry', entry: 'ghcr.io' },
        { code: 'policy.wider-entry', entry: 'evil.example' },
      ],
    });
    expect((await put('registry.whitelist', 'ghcr.io/org/app,quay.io')).effective).toBe(
      'ghcr.io/org/app,quay.io',
    );
    await clear('registry.whitelist');
  });

  it('takes notes for entries of the whitelist only', async () => {
    expect(await problemOf(put('policy.mode', 'warn', { notes: { a: 'b' } }))).toMatchObject({
      code: 'setting.invalid',
      errors: [{ pointer: '/notes', code: 'notes.no-entries' }],
    });
    const notes = { 'a b': 'c' };
    expect(await problemOf(put('registry.whitelist', 'quay.io', { notes }))).toMatchObject({
      errors: [{ pointer: '/notes', code: 'entry.blank-inside' }],
    });
  });
});

describe('409', () => {
  it('refuses a default registry that the installation does not allow, and the reverse', async () => {
    await putInstallation('registry.whitelist', 'quay.io');
    expect(await problemOf(put('registry.default', 'ghcr.io'))).toMatchObject({
      status: 409,
      code: 'policy.conflict',
      errors: [{ pointer: '/value', code: 'policy.default-not-allowed' }],
    });
    await put('registry.default', 'quay.io/team');
    const narrowed = await problemOf(putInstallation('registry.whitelist', 'ghcr.io'));
    expect(narrowed).toMatchObject({ code: 'policy.conflict' });
    expect(narrowed.detail).toContain(`In environment ${cast.environment.name}: `);
    await clear('registry.default');
  });

  it('refuses to list only a part of the default registry, which is always allowed', async () => {
    await put('registry.default', 'quay.io');
    expect(await problemOf(put('registry.whitelist', 'quay.io/team,ghcr.io'))).toMatchObject({
      code: 'policy.conflict',
      errors: [{ code: 'policy.default-restricted' }],
    });
    await clear('registry.default');
    await put('registry.whitelist', 'quay.io/team');
    expect((await problemOf(put('registry.default', 'quay.io'))).code).toBe('policy.conflict');
    await clear('registry.whitelist');
    await putInstallation('registry.default', 'quay.io');
    expect((await problemOf(putInstallation('registry.whitelist', 'quay.io/x'))).code).toBe(
      'policy.conflict',
    );
  });
});

describe('403 and 404', () => {
  it('lets members see and only owners change', async () => {
    for (const user of [cast.member, cast.viewer]) {
      await user.client(endpoints.getSetting, { env, name: 'policy.mode' });
      expect(
        (
          await problemOf(
            user.client(endpoints.putSetting, {
              env,
              name: 'policy.mode',
              body: { value: 'warn' },
            }),
          )
        ).code,
      ).toBe('permission.denied');
    }
    expect((await problemOf(cast.owner.client(endpoints.listInstallationSettings, {}))).code).toBe(
      'permission.denied',
    );
    expect((await problemOf(cast.stranger.client(endpoints.listSettings, { env }))).status).toBe(
      404,
    );
  });

  it('answers 404 for a setting that does not exist', async () => {
    expect((await problemOf(get('registry.other'))).status).toBe(404);
    expect((await problemOf(put('__proto__', 'x'))).status).toBe(404);
  });
});

describe('412', () => {
  it('refuses a change that is based on an older version, also on "not stored"', async () => {
    expect((await put('policy.mode', 'warn', { ifMatch: 0 })).version).toBe(1);
    expect((await problemOf(put('policy.mode', 'off', { ifMatch: 0 }))).code).toBe('object.stale');
    expect((await put('policy.mode', 'off', { ifMatch: 1 })).version).toBe(2);
  });
});

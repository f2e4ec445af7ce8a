import { endpoints, Setting } from '@moorage/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
afterAll(() => harness.close());

function put(name: string, value: string, ifMatch?: number) {
  return cast.owner.client(endpoints.putSetting, {
    env,
    name,
    body: { value },
    ...(ifMatch === undefined ? {} : { ifMatch }),
  });
}
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
    await cast.admin.client(endpoints.deleteInstallationSetting, { name: 'policy.mode' });
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
    expect((await put('policy.mode', 'warn', 0)).version).toBe(1);
    expect((await problemOf(put('policy.mode', 'off', 0))).code).toBe('object.stale');
    expect((await put('policy.mode', 'off', 1)).version).toBe(2);
  });
});

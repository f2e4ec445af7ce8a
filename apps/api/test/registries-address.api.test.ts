import { Registry } from '@moorage/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCast, type Cast } from './factories.js';
import { type Harness, problemOf, startHarness } from './harness.js';
import { addRegistry, freeAddress } from './registry-calls.js';

let harness: Harness;
let cast: Cast;
let env: string;
beforeAll(async () => {
  harness = await startHarness();
  cast = await buildCast(harness);
  env = cast.environment.name;
});
afterAll(() => harness.close());

const strict = Registry.strict();

describe('201', () => {
  it.each<[string, string, object]>([
    ['https://Registry-1.Docker.io/v2/', 'docker.io', { provider: 'dockerhub' }],
    [
      'HTTP://Plain.Example.com:5000/',
      'plain.example.com:5000',
      { connection: { scheme: 'http' } },
    ],
    ['trailing.example.com.', 'trailing.example.com', { provider: 'generic' }],
    ['[2001:DB8::0001]:5000', '[2001:db8::1]:5000', { name: '[2001:db8::1]:5000' }],
    [' spaces.example.com ', 'spaces.example.com', {}],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example', {}],
    [
      '123456789012.dkr.ecr.eu-west-1.amazonaws.com',
      '123456789012.dkr.ecr.eu-west-1.amazonaws.com',
      { provider: 'aws-ecr' },
    ],
  ])('stores %s in its canonical form', async (address, canonical, rest) => {
    const added = await addRegistry(cast.owner.client, env, { address });
    expect(strict.parse(added)).toMatchObject({ address: canonical, ...rest });
  });

  it('takes the path of an address as the scope of the credential', async () => {
    const credential = { username: 'ci', password: 'hunter2' };
    const added = await addRegistry(cast.owner.client, env, {
      address: 'https://quay.io/Team-A/',
      credential,
    });
    expect(added.address).toBe('quay.io');
    expect(added.effectiveCredentials.map(({ scope }) => scope)).toEqual(['team-a']);
  });

  it('takes an address of the greatest length, and names it by its beginning', async () => {
    const label = 'a'.repeat(49);
    const address = `${`${label}.`.repeat(5)}io:65535`;
    const added = await addRegistry(cast.owner.client, env, { address });
    expect(added).toMatchObject({ address, name: address.slice(0, 200) });
  });
});

describe('400', () => {
  it.each<[string, string]>([
    ['', 'address.empty'],
    ['ftp://reg.example.com', 'address.bad-scheme'],
    ['bücher.example', 'address.not-ascii'],
    ['dосker.io', 'address.not-ascii'],
    ['hub.docker.com', 'address.lookalike'],
    ['docker.io:5000', 'address.lookalike'],
    ['dockerhub', 'address.lookalike'],
    ['reg.example.com:0', 'address.bad-port'],
    ['reg.example.com:65536', 'address.bad-port'],
    ['reg.example.com:', 'address.bad-port'],
    ['2001:db8::1', 'address.bad-host'],
    ['[fe80::1%eth0]', 'address.ipv6-zone'],
    ['[::g]', 'address.bad-ip'],
    ['256.1.1.1', 'address.bad-ip'],
    ['*.example.com', 'address.wildcard'],
    ['harbor', 'address.no-dot'],
    ['reg.example.com/a?b', 'address.query'],
    ['-reg.example.com', 'address.bad-host'],
    ['reg..example.com', 'address.bad-host'],
    [`${'a'.repeat(64)}.example.com`, 'address.bad-host'],
    [`${'a.'.repeat(600)}com`, 'address.too-long'],
  ])('refuses the address %j with its own reason', async (address, code) => {
    const problem = await problemOf(addRegistry(cast.owner.client, env, { address }));
    expect(problem).toMatchObject({
      status: 400,
      code: 'registry.address-invalid',
      errors: [{ pointer: '/address', code }],
    });
  });

  it('suggests what was probably meant, and repeats no user name or password of a URL', async () => {
    const address = 'https://ci:planted-in-url@reg.example.com/';
    const problem = await problemOf(addRegistry(cast.owner.client, env, { address }));
    expect(problem).toMatchObject({
      errors: [{ code: 'address.userinfo' }],
      suggestion: 'reg.example.com/',
    });
    expect(JSON.stringify(problem)).not.toContain('planted');
  });

  it('asks for the credential that a path in the address is the scope of', async () => {
    const problem = await problemOf(
      addRegistry(cast.owner.client, env, { address: 'ghcr.io/team-a' }),
    );
    expect(problem).toMatchObject({
      code: 'registry.path-without-credential',
      address: 'ghcr.io',
      scope: 'team-a',
    });
  });

  it('refuses a scope that contradicts the path, and accepts one that repeats it', async () => {
    const address = freeAddress();
    const credential = { username: 'ci', password: 'hunter2' };
    const call = (scope: string) =>
      addRegistry(cast.owner.client, env, {
        address: `${address}/team-a`,
        credential: { ...credential, scope },
      });
    expect(await problemOf(call('team-b'))).toMatchObject({
      code: 'credential.invalid',
      errors: [{ pointer: '/credential/scope', code: 'scope.differs' }],
    });
    expect(await problemOf(call('Team:1'))).toMatchObject({
      errors: [{ pointer: '/credential/scope', code: 'scope.has-tag' }],
    });
    expect((await call('/team-a/')).effectiveCredentials[0]?.scope).toBe('team-a');
  });
});

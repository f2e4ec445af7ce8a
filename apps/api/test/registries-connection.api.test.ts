import { endpoints } from '@moorage/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientKeyIdentity } from '../src/registries/registry-connection.js';
import { SecretBox } from '../src/sealing/secret-box.js';
import { buildCast, type Cast } from './factories.js';
import { type Harness, problemOf, startHarness } from './harness.js';
import { addRegistry, tracesOf } from './registry-calls.js';
import { createKeyPair } from './self-signed.js';

let harness: Harness;
let cast: Cast;
let env: string;
beforeAll(async () => {
  harness = await startHarness();
  cast = await buildCast(harness);
  env = cast.environment.name;
});
afterAll(() => harness.close());

const pair = createKeyPair('first');
const second = createKeyPair('second');
const CLIENT = { clientCertificate: pair.certificate, clientKey: pair.key };

type Connection = NonNullable<NonNullable<Parameters<typeof addRegistry>[2]>['connection']>;

async function buildRegistry(connection: Connection) {
  const registry = await addRegistry(cast.owner.client, env, { connection });
  const change = (connection: Connection) =>
    cast.owner.client(endpoints.updateRegistry, {
      env,
      registryId: registry.id,
      body: { connection },
    });
  return { registry, change };
}

async function storedKey(registryId: string): Promise<string | null> {
  const row = await harness.database.one<{ sealed: Buffer | null; keyId: string | null }>(
    'select client_key_sealed as sealed, client_key_key_id as "keyId" from registries where id = $1',
    [registryId],
  );
  if (row === undefined || row.sealed === null || row.keyId === null) return null;
  const { sealed, keyId } = row;
  return harness.app.get(SecretBox).open({ sealed, keyId }, clientKeyIdentity(registryId)).reveal();
}

describe('stored', () => {
  it('keeps certificates without the text around them, and tells of the key only that it is there', async () => {
    const { registry } = await buildRegistry({
      ...CLIENT,
      caCertificate: `subject=CN pasted from a terminal\r\n${pair.certificate}\n# next\n${second.certificate}`,
    });
    expect(registry.connection).toEqual({
      scheme: 'https',
      caCertificate: `${pair.certificate}${second.certificate}`,
      insecureSkipVerify: false,
      clientCertificate: pair.certificate,
      hasClientKey: true,
    });
    expect(await storedKey(registry.id)).toBe(pair.key);
  });

  it('keeps the key while its certificate stays, given again or not', async () => {
    const { registry, change } = await buildRegistry(CLIENT);
    await change({ insecureSkipVerify: true });
    await change({ clientCertificate: pair.certificate, insecureSkipVerify: false });
    expect(await storedKey(registry.id)).toBe(pair.key);
  });

  it('leaves no trace of the same certificate and key given again', async () => {
    const { change } = await buildRegistry(CLIENT);
    const traces = await tracesOf(harness, cast.environment.id, () => change(CLIENT));
    expect(traces).toEqual({ audit: [], outbox: [] });
  });

  it('replaces certificate and key together, and drops the key with its certificate', async () => {
    const { registry, change } = await buildRegistry(CLIENT);
    await change({ clientCertificate: second.certificate, clientKey: second.key });
    expect(await storedKey(registry.id)).toBe(second.key);
    const { connection } = await change({ clientCertificate: null });
    expect(connection).toMatchObject({ clientCertificate: null, hasClientKey: false });
    expect(await storedKey(registry.id)).toBe(null);
  });

  it('tells the audit log that a key was changed, and of no key anything else', async () => {
    const { registry, change } = await buildRegistry(CLIENT);
    await change({ clientCertificate: second.certificate, clientKey: second.key });
    await change({ clientCertificate: '', clientKey: '' });
    const rows = await harness.database.query<{ key: object }>(
      `select changes -> 'clientKey' as key from audit_entries where object_id = $1 and action = 'registry.update' order by id`,
      [registry.id],
    );
    expect(rows.map(({ key }) => key)).toEqual([
      { before: null, after: 'changed' },
      { before: null, after: 'removed' },
    ]);
  });

  it('opens a sealed key in its own row only', async () => {
    const { registry } = await buildRegistry(CLIENT);
    const neighbour = await buildRegistry(CLIENT);
    await harness.database.execute(
      'update registries set client_key_sealed = (select client_key_sealed from registries where id = $1) where id = $2',
      [registry.id, neighbour.registry.id],
    );
    await expect(storedKey(neighbour.registry.id)).rejects.toThrow('not of this row');
  });
});

const encrypted = `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${'A'.repeat(64)}\n-----END ENCRYPTED PRIVATE KEY-----\n`;

describe('400', () => {
  it.each<[string, Connection, string, string]>([
    [
      'a key of another certificate',
      { ...CLIENT, clientKey: second.key },
      'clientKey',
      'key-mismatch',
    ],
    [
      'a certificate without its key',
      { clientCertificate: pair.certificate },
      'clientKey',
      'key-missing',
    ],
    [
      'a key without its certificate',
      { clientKey: pair.key },
      'clientCertificate',
      'certificate-missing',
    ],
    ['a key with a passphrase', { ...CLIENT, clientKey: encrypted }, 'clientKey', 'bad-key'],
    ['a key that is none', { ...CLIENT, clientKey: 'planted' }, 'clientKey', 'bad-key'],
    [
      'a key among certificates',
      { caCertificate: pair.certificate + pair.key },
      'caCertificate',
      'key-in-certificate',
    ],
    ['no PEM', { caCertificate: 'planted' }, 'caCertificate', 'not-pem'],
    [
      'PEM that holds no certificate',
      { caCertificate: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' },
      'caCertificate',
      'bad-certificate',
    ],
    [
      'a bundle that is cut off',
      { caCertificate: pair.certificate + second.certificate.slice(0, 100) },
      'caCertificate',
      'bad-certificate',
    ],
    [
      'TLS settings over http',
      { scheme: 'http', insecureSkipVerify: true },
      'scheme',
      'http-with-tls',
    ],
  ])('refuses %s at its place, repeating nothing', async (_, connection, field, code) => {
    const problem = await problemOf(buildRegistry(connection));
    expect(problem).toMatchObject({
      code: 'registry.connection-invalid',
      errors: [{ pointer: `/connection/${field}`, code: `connection.${code}` }],
    });
    expect(JSON.stringify(problem)).not.toMatch(/planted|PRIVATE KEY-----\s*\w/);
  });

  it('asks for the key of a new certificate', async () => {
    const { change } = await buildRegistry(CLIENT);
    const call = change({ clientCertificate: second.certificate });
    expect(await problemOf(call)).toMatchObject({ errors: [{ code: 'connection.key-missing' }] });
    expect(await problemOf(change({ clientKey: null }))).toMatchObject({
      errors: [{ code: 'connection.key-missing' }],
    });
  });

  it('reads a bundle of the greatest size in bounded time', async () => {
    const begun = performance.now();
    const caCertificate = '-----BEGIN CERTIFICATE-----\n'.repeat(9_000);
    await problemOf(buildRegistry({ caCertificate }));
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});

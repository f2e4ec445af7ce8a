import { type CallInput, endpoints, NodeConfigPreview } from '@moorage/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCast, type Cast } from './factories.js';
import { clientOf, type Harness, problemOf, startHarness } from './harness.js';
import { addRegistry, refusalsOf, tracesOf } from './registry-calls.js';

let harness: Harness;
let cast: Cast;
let env: string;

beforeAll(async () => {
  harness = await startHarness();
  cast = await buildCast(harness);
  env = cast.environment.name;
  await addRegistry(cast.owner.client, env, {
    address: 'reg.example.com',
    credential: { username: 'ci', password: 'planted-stored-password' },
  });
  await cast.owner.client(endpoints.createMirror, {
    env,
    body: { registry: 'docker.io', endpoints: ['https://reg.example.com'] },
  });
});
afterAll(() => harness.close());

type Question = CallInput<typeof endpoints.previewNodeConfig>['body'];
const preview = (body: Question, caller: Pick<Cast['owner'], 'client'> = cast.owner) =>
  caller.client(endpoints.previewNodeConfig, { env, body });

describe('200', () => {
  it('shows what nodes would read, masked, with the cost of the step to it', async () => {
    const shown = await preview({
      mirrors: [{ registry: 'docker.io', endpoints: ['https://m.example.com'], rewrites: [] }],
    });
    expect(NodeConfigPreview.strict().parse(shown)).toMatchObject({
      cost: 'k3s',
      costWithAgent: 'live',
      restart: 'k3s',
      secrets: 'masked',
      changedFiles: [{ path: '/etc/rancher/k3s/registries.yaml', change: 'changed' }],
    });
    expect(shown.files[0]?.content).toContain('https://m.example.com');
    expect(JSON.stringify(shown)).not.toContain('planted');
  });

  it('costs nothing for what is stored already', async () => {
    expect(await preview({})).toMatchObject({ cost: 'none', changedFiles: [] });
    const stored = { registry: 'docker.io', endpoints: ['https://reg.example.com'], rewrites: [] };
    expect(await preview({ mirrors: [stored] })).toMatchObject({ cost: 'none' });
  });

  it('tells the cost of a new login, which no file shows', async () => {
    const registry = { address: 'reg.example.com', change: 'login' } as const;
    const shown = await preview({ registry, format: 'containerd-hosts' });
    expect(shown).toMatchObject({ cost: 'containerd' });
    expect(JSON.stringify(shown)).not.toMatch(/planted|\(new\)/);
  });

  it('answers half-typed drafts with the rest and a diagnostic', async () => {
    const shown = await preview({
      mirrors: [
        { registry: '', endpoints: [''], rewrites: [{ pattern: '', replacement: '' }] },
        {
          registry: 'docker.io',
          endpoints: ['https://reg.example.com', 'https://'],
          rewrites: [{ pattern: '^(', replacement: '$1' }],
        },
      ],
      registry: { address: 'https://user:planted-typed-password@reg', change: 'add' },
    });
    expect(shown.files[0]?.content).toContain('https://reg.example.com');
    expect(new Set(shown.diagnostics.map(({ code }) => code))).toEqual(
      new Set([
        'node-config.registry-address-invalid',
        'node-config.registry-invalid',
        'node-config.endpoint-invalid',
      ]),
    );
    expect(shown.notExpressible.map(({ code }) => code)).toEqual(['node-config.rewrite']);
    expect(JSON.stringify(shown)).not.toContain('planted');
  });

  it('changes nothing and opens no secret, for everybody who may read registries', async () => {
    const id = cast.environment.id;
    const traces = await tracesOf(harness, id, () => preview({ mirrors: [] }, cast.viewer));
    expect(traces).toEqual({ audit: [], outbox: [] });
  });
});

describe('400', () => {
  it('refuses a format that there is not, and more than any file holds', async () => {
    const unknown = { format: 'nginx' } as unknown as Question; // what a misspelling sends
    const many = Array.from({ length: 501 }, () => ({
      registry: 'a',
      endpoints: [],
      rewrites: [],
    }));
    expect(await refusalsOf([preview(unknown), preview({ mirrors: many })])).toEqual([
      '400 request.invalid',
    ]);
  });
});

describe('401, 404', () => {
  it('is closed to nobody and to strangers', async () => {
    const nobody = await problemOf(preview({}, { client: clientOf(harness) }));
    expect(nobody).toMatchObject({ status: 401, code: 'session.required' });
    expect(await problemOf(preview({}, cast.stranger))).toMatchObject({ status: 404 });
  });
});

import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, endpoints } from '@moorage/contract';
import { checkRegistriesYaml, maskedSecret } from '@moorage/core';
import { hasParts, type Kubernetes, startKubernetes } from '@moorage/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BashSession, readAutomationBlocks, startBash } from './automation-document.js';
import { type Product, startProduct } from './automation-product.js';
import { applyManifest } from './rbac-manifest.js';
import { type Decoded, eventually, expectedAuth } from './sync-stage.js';

const secrets = {
  DOCKERHUB_TOKEN: 'dckr_"quoted" \\ $HOME `date` ünïcode',
  DOCKERHUB_NEXT_TOKEN: "next'; exit 1 #",
  QUAY_TOKEN: 'quay-token',
  ECR_PASSWORD: 'x'.repeat(200),
  GCP_KEY: JSON.stringify(
    {
      type: 'service_account',
      project_id: 'acme',
      private_key: '-----BEGIN PRIVATE KEY-----\nnot "really" one\n-----END PRIVATE KEY-----\n',
      client_email: 'puller@acme.iam.gserviceaccount.com',
    },
    null,
    2,
  ),
  OWN_PASSWORD: 'own password',
};
const hub = 'https://index.docker.io/v1/';
const all: Decoded = {
  [hub]: expectedAuth('acme', secrets.DOCKERHUB_TOKEN),
  'quay.io': expectedAuth('acme+puller', secrets.QUAY_TOKEN),
  '123456789012.dkr.ecr.eu-central-1.amazonaws.com': expectedAuth('AWS', secrets.ECR_PASSWORD),
  'gcr.io': expectedAuth('_json_key', secrets.GCP_KEY),
  'registry.example.com:5000': expectedAuth('ci', secrets.OWN_PASSWORD),
};
const rotated: Decoded = { ...all, [hub]: expectedAuth('acme', secrets.DOCKERHUB_NEXT_TOKEN) };

const without = (auths: Decoded, ...keys: readonly string[]): Decoded =>
  Object.fromEntries(Object.entries(auths).filter(([key]) => !keys.includes(key)));

interface Items {
  readonly items: readonly {
    readonly metadata: { readonly name: string; readonly namespace: string };
    readonly data?: Readonly<Record<string, string>>;
    readonly imagePullSecrets?: readonly { readonly name: string }[];
  }[];
}

describe.skipIf(!hasParts('kubernetes'))("the README's automation script", () => {
  const directory = mkdtempSync(join(tmpdir(), 'moorage-automation-'));
  const temporary = join(directory, 'temporary');
  const [setup = '', registries = '', ...others] = readAutomationBlocks();
  let kubernetes: Kubernetes;
  let product: Product;
  let environment: Readonly<Record<string, string>>;
  let script: BashSession;

  beforeAll(async () => {
    kubernetes = await startKubernetes({ controllerManager: true });
    await kubernetes.createNamespaces(['team-a', 'team-b']);
    product = await startProduct([
      'registries:read',
      'registries:write',
      'targets:read',
      'targets:write',
      'environment:read',
      'clusters:manage',
    ]);
    const kubeconfig = join(directory, 'kubeconfig');
    const account = { namespace: 'moorage-system', name: 'moorage' };
    writeFileSync(kubeconfig, await kubernetes.kubeconfigForServiceAccount(account));
    environment = {
      MOORAGE_URL: product.url,
      MOORAGE_API_KEY: product.apiKey,
      KUBECONFIG_FILE: kubeconfig,
      TMPDIR: temporary,
      ...secrets,
    };
    mkdirSync(temporary);
    script = bash([setup, registries, ...others]);
  });
  afterAll(async () => {
    await script?.end();
    await product?.close();
    await kubernetes?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  function bash(blocks: readonly string[], changed: Readonly<Record<string, string>> = {}) {
    const folder = mkdtempSync(join(directory, 'blocks-'));
    return startBash({ directory: folder, blocks, environment: { ...environment, ...changed } });
  }

  async function listAll(plural: string): Promise<Items['items']> {
    const { json } = await kubernetes.call({ path: `/api/v1/${plural}` });
    return (json as Items).items;
  }

  /** What every namespace holds, read by the cluster's administrator. */
  async function pullSecrets(): Promise<ReadonlyMap<string, Decoded>> {
    const found = (await listAll('secrets')).filter(
      ({ metadata }) => metadata.name === 'moorage-default',
    );
    return new Map(
      found.map(({ metadata, data }) => {
        const text = Buffer.from(data?.['.dockerconfigjson'] ?? '', 'base64').toString('utf8');
        return [metadata.namespace, (JSON.parse(text) as { auths: Decoded }).auths];
      }),
    );
  }

  async function everyNamespaceHolds(expected: Decoded): Promise<void> {
    const namespaces = (await listAll('namespaces')).map(({ metadata }) => metadata.name);
    const chosen = namespaces.filter((name) => !name.startsWith('kube-'));
    expect(chosen).toEqual(expect.arrayContaining(['default', 'team-a', 'team-b']));
    expect(await pullSecrets()).toEqual(new Map(chosen.map((name) => [name, expected])));
    const attached = (await listAll('serviceaccounts'))
      .filter(({ imagePullSecrets = [] }) => imagePullSecrets.length > 0)
      .map(({ metadata, imagePullSecrets }) => [metadata.namespace, imagePullSecrets]);
    const entry = [{ name: 'moorage-default' }];
    expect(new Map(attached as [string, object][])).toEqual(
      new Map(chosen.map((name) => [name, entry])),
    );
  }

  /** The state of all registries, with the number of their credentials. */
  async function registryVersions() {
    const headers = { authorization: `Bearer ${product.apiKey}` };
    const client = createClient({ baseUrl: `${product.url}/api/v1`, headers });
    const { items } = await client(endpoints.listRegistries, { env: 'default', query: {} });
    return items.map(({ address, credentialCount, version }) => [
      address,
      credentialCount,
      version,
    ]);
  }

  it('says which request was refused and why, and goes no further', async () => {
    const refused = bash([setup, registries], { MOORAGE_API_KEY: 'mrg_wrong' });
    await refused.next();
    await expect(refused.next()).rejects.toThrow(
      /PUT \/environments\/default\/registries\/by-address\/docker\.io: \{.*"status":401/,
    );
    expect(await registryVersions()).toEqual([]);
  });

  it('adds five registries, and changes nothing when that is run again', async () => {
    const first = bash([setup, registries]);
    await first.next();
    await first.next();
    await first.end();
    const before = await registryVersions();
    expect(before.map(([address, credentials]) => [address, credentials])).toEqual(
      expect.arrayContaining([
        ['docker.io', 1],
        ['quay.io', 1],
        ['123456789012.dkr.ecr.eu-central-1.amazonaws.com', 1],
        ['gcr.io', 1],
        ['registry.example.com:5000', 1],
      ]),
    );
    await script.next();
    expect(readdirSync(temporary)).toHaveLength(1);
    await script.next();
    expect(await registryVersions()).toEqual(before);
  });

  it('connects the cluster, and prints the manifest that gives its account what it lacks', async () => {
    const manifest = await script.next();
    expect(await pullSecrets()).toEqual(new Map());
    await applyManifest(kubernetes, manifest);
  });

  it('delivers to every namespace before it goes on', async () => {
    await script.next();
    await everyNamespaceHolds(all);
  });

  it('delivers to a namespace that is created later', async () => {
    await kubernetes.createNamespace('later');
    await eventually(() => everyNamespaceHolds(all));
  });

  it('rotates, and shows the new credential in effect', async () => {
    const shown = await script.next();
    await everyNamespaceHolds(rotated);
    const credentials = shown.trimEnd().split('\n');
    expect(credentials.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { username: 'acme', effective: true },
      { username: 'acme', effective: false },
    ]);
  });

  it('shows who would notice, and disables', async () => {
    const shown = await script.next();
    expect(JSON.parse(shown)).toEqual({ clusterName: 'production', namespaces: 5 });
    await everyNamespaceHolds(without(rotated, 'quay.io'));
  });

  it('deletes', async () => {
    expect(await script.next()).toBe('');
    await everyNamespaceHolds(without(rotated, 'quay.io', 'registry.example.com:5000'));
  });

  it('shows node config with masked passwords, and leaves no file with the key', async () => {
    const document = await script.next();
    expect(checkRegistriesYaml({ document, distribution: 'k3s' })).toMatchObject({ valid: true });
    expect(document).toContain('acme');
    expect(document).toContain(maskedSecret);
    for (const secret of Object.values(secrets)) expect(document).not.toContain(secret);
    await script.end();
    expect(readdirSync(temporary)).toEqual([]);
    await expect(script.next()).rejects.toThrow('Bash gave up');
  });

  it('works as it stands, with its examples in place of secrets', async () => {
    const none = Object.fromEntries(Object.keys(secrets).map((name) => [name, '']));
    const examples = bash([setup, registries], none);
    await examples.next();
    await examples.next();
    await examples.end();
    await eventually(async () => {
      const found = (await pullSecrets()).get('team-a');
      expect(found?.[hub]).toEqual(expectedAuth('acme', 'dckr_pat_example'));
      expect(Object.keys(found ?? {})).toEqual(Object.keys(without(all, 'quay.io')).sort());
    });
  });
});

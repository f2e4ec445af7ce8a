import type { NamespaceChange } from '@moorage/core';
import { KubeClient, KubeError } from '@moorage/kube';
import { expect, it } from 'vitest';
import { ForeignSecrets } from './foreign-secrets.js';
import { HeldContent } from './held-content.js';
import { LEASE_MS, Lease, LeaseLost } from './lease.js';
import { NamespaceWriter } from './namespace-writer.js';
import { ObservedCluster } from './observed-cluster.js';

const secret: NamespaceChange = {
  object: 'secret',
  action: 'create',
  name: 'pulls',
  targetId: 't',
  environmentId: 'e',
  contentHash: 'h',
  uid: null,
  resourceVersion: null,
  dropKeys: [],
  reason: 'missing',
};
const account: NamespaceChange = {
  object: 'service-account',
  action: 'update',
  name: 'default',
  uid: 'u',
  resourceVersion: '1',
  imagePullSecrets: ['pulls'],
  attach: [{ secretName: 'pulls', targetId: 't', reason: 'not named yet' }],
  detach: [],
};

/** A cluster whose Secrets are refused, slowly: `refuse` runs before the refusal arrives. */
class RefusingClient extends KubeClient {
  readonly patches: string[] = [];
  constructor(private readonly beforeRefusal: () => void) {
    const auth = { kind: 'none' } as const;
    const plain = { caCertificate: null, tlsServerName: null, insecureSkipVerify: false };
    super(
      { server: 'http://unused.example', auth, ...plain },
      { userAgent: 'test', dialPolicy: null },
    );
  }
  override create<T>(path: string): Promise<T> {
    this.beforeRefusal();
    const operation = { verb: 'create', path } as const;
    return Promise.reject(new KubeError({ reason: 'Forbidden', operation, message: 'refused' }));
  }
  override mergePatch<T>(path: string): Promise<T> {
    this.patches.push(path);
    const metadata = { name: 'default', namespace: 'n', uid: 'u', resourceVersion: '2' };
    return Promise.resolve({ metadata, imagePullSecrets: [{ name: 'pulls' }] } as T); // what was written
  }
}

it('takes an entry back only while it holds the lease', async () => {
  let now = 0;
  const lease = new Lease('c', 'holder', 1, () => now);
  lease.renewed(0);
  const client = new RefusingClient(() => {
    now = LEASE_MS;
  });
  const ignore = () => undefined;
  const contentHash = () => 'h';
  const observed = new ObservedCluster(client, {
    installationId: 'i',
    contentHash,
    onChange: ignore,
    onState: ignore,
  });
  const writer = new NamespaceWriter({
    client,
    lease,
    observed,
    foreign: new ForeignSecrets(client, 'i'),
    installationId: 'i',
    contentOf: () => HeldContent.of(Buffer.from('e30=')),
  });
  observed.absorbAccount({
    metadata: { name: 'default', namespace: 'n', uid: 'u', resourceVersion: '1' },
  });
  const applied = writer.apply('n', [account, secret], 'urgent');
  await expect(applied).rejects.toThrow(LeaseLost);
  expect(client.patches).toHaveLength(1);
  await client.close();
});

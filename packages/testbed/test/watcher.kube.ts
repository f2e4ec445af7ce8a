import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  hasParts,
  type Kubernetes,
  type PropagationWatcher,
  startKubernetes,
  watchPropagation,
} from '../src/index.js';

const secretName = 'moorage-watched';

describe.skipIf(!hasParts('kubernetes'))('the propagation watcher', () => {
  let cluster: Kubernetes;
  let watcher: PropagationWatcher;
  let count = 0;
  let namespaces: string[];

  beforeAll(async () => {
    cluster = await startKubernetes();
  });
  afterAll(() => cluster?.stop());

  beforeEach(async () => {
    count += 1;
    namespaces = [`one-${count}`, `two-${count}`];
    await cluster.createNamespaces(namespaces);
    watcher = await watchPropagation({ ...cluster, token: cluster.adminToken, secretName });
    return () => watcher.stop();
  });

  const secretPath = (namespace: string) => `/api/v1/namespaces/${namespace}/secrets`;
  const contentOf = (value: string) => ({
    data: { '.dockerconfigjson': Buffer.from(value).toString('base64') },
  });
  const patch = (path: string, body: unknown) =>
    cluster.call({ method: 'PATCH', path, body, contentType: 'application/merge-patch+json' });

  const create = (namespace: string, value: string) =>
    cluster.call({
      method: 'POST',
      path: secretPath(namespace),
      body: {
        metadata: { name: secretName },
        type: 'kubernetes.io/dockerconfigjson',
        ...contentOf(value),
      },
    });
  const attach = (namespace: string, names: readonly string[]) =>
    patch(`/api/v1/namespaces/${namespace}/serviceaccounts/default`, {
      imagePullSecrets: names.map((name) => ({ name })),
    });
  const rotate = (namespace: string, value: string) =>
    patch(`${secretPath(namespace)}/${secretName}`, contentOf(value));

  it('finishes when each namespace has the bytes and the reference, and names those that lack one', async () => {
    const run = watcher.begin('{"auths":{}}', namespaces);
    for (const namespace of namespaces) await create(namespace, '{"auths":{}}');
    await attach(namespaces[0] ?? '', ['other', secretName]);
    expect(await run.finished(300)).toMatchObject({ isComplete: false, missing: [namespaces[1]] });
    await attach(namespaces[1] ?? '', [secretName]);
    const report = await run.finished(5_000);
    expect(report).toMatchObject({ isComplete: true, missing: [] });
    expect([...report.latenciesMs.keys()]).toEqual(namespaces);
    expect(report.durationMs).toBe(Math.max(...report.latenciesMs.values()));
  });

  it('sees a rotation in place as faultless', async () => {
    const [namespace = ''] = namespaces;
    const first = watcher.begin('{"n":1}', [namespace]);
    await create(namespace, '{"n":1}');
    await attach(namespace, [secretName]);
    await first.finished(5_000);
    const second = watcher.begin('{"n":2}', [namespace]);
    await rotate(namespace, '{"n":2}');
    expect((await second.finished(5_000)).isComplete).toBe(true);
    expect(watcher.forbidden()).toEqual({
      missing: 0,
      torn: 0,
      uidChanged: 0,
      regressed: 0,
      detached: 0,
      examples: [],
    });
  });

  it('counts what must not happen: torn, old, detached, missing', async () => {
    const [namespace = ''] = namespaces;
    watcher.announce('{"n":1}');
    const run = watcher.begin('{"n":2}', [namespace]);
    await create(namespace, '{"n":2}');
    await attach(namespace, [secretName]);
    await run.finished(5_000);
    await rotate(namespace, '{"n":3}');
    await rotate(namespace, '{"n":2}');
    await rotate(namespace, '{"n":1}');
    await attach(namespace, []);
    await cluster.call({ method: 'DELETE', path: `${secretPath(namespace)}/${secretName}` });
    const seen = () => watcher.forbidden();
    await expect
      .poll(seen, { timeout: 5_000 })
      .toMatchObject({ missing: 1, torn: 1, regressed: 1, detached: 1 });
  });
});

/** What is exported for the API server is what it takes, and does what the policy says. */
import { endpoints } from '@moorage/contract';
import { hasParts } from '@moorage/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { eventually } from '../sync-stage.js';
import {
  createPod,
  dryRunPod,
  type PolicyStage,
  podWith,
  startPolicyStage,
} from './policy-stage.js';

interface Exported {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

describe.skipIf(!hasParts('kubernetes'))('the export for Kubernetes', () => {
  let real: PolicyStage;
  beforeAll(async () => {
    real = await startPolicyStage({ namespaces: ['team-a'], include: ['team-*'] });
  });
  afterAll(() => real?.close());

  async function exported(): Promise<Exported[]> {
    const { stage, clusterId } = real;
    const { files } = await stage.cast.owner.client(endpoints.exportPolicy, {
      ...{ env: stage.cast.environment.id, query: { engine: 'kubernetes', clusterId } },
    });
    return files.flatMap(({ content }) =>
      // The export's own shape, which this test is about.
      parseAllDocuments(content).map((document) => document.toJS() as Exported),
    );
  }

  it('is taken as it is, refuses and rewrites', async () => {
    const put = (name: string, value: string) =>
      real.stage.cast.owner.client(endpoints.putSetting, {
        ...{ env: real.stage.cast.environment.id, name, body: { value } },
      });
    await put('policy.default-registry-at', 'pod');
    await put('registry.default', 'reg.corp/proxy');
    await put('registry.whitelist', 'ghcr.io');
    const objects = await exported();
    expect(objects).toHaveLength(4);
    // Nothing of Moorage itself is to answer in its place.
    for (const name of ['registry.whitelist', 'registry.default']) await put(name, '');

    for (const object of objects) {
      const plural = object.kind
        .toLowerCase()
        .replace(/y$/, 'ies')
        .replace(/binding$/, 'bindings');
      const path = `/apis/${object.apiVersion}/${plural}`;
      const reply = await real.kubernetes.call({ method: 'POST', path, body: object });
      expect(reply.status, reply.text).toBe(201);
      expect(reply.headers.warning).toBeUndefined();
    }
    const [first] = objects;
    await eventually(async () => {
      const { status, text } = await dryRunPod(real, 'team-a', 'evil.io/x');
      expect([status, text]).toEqual([403, expect.stringContaining(first?.metadata.name ?? '?')]);
    });
    await eventually(async () => {
      const { json } = await createPod(real, 'team-a', podWith('nginx'), '?dryRun=All');
      expect(JSON.stringify(json)).toContain('"image":"reg.corp/proxy/nginx"');
    });
    expect((await dryRunPod(real, 'elsewhere', 'evil.io/x')).status).toBe(201);
  });
});

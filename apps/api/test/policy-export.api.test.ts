import { endpoints, POLICY_ENGINES, PolicyExport } from '@moorage/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemOf } from './harness.js';
import { addTarget, type Stage, startStage } from './sync-stage.js';

let stage: Stage;
let env: string;
let clusterId: string;
beforeAll(async () => {
  stage = await startStage();
  env = stage.cast.environment.id;
  clusterId = (await stage.connect({ namespaces: ['shop'] })).id;
  await addTarget(stage, clusterId, { namespaces: { include: ['shop'] } });
  await stage.cast.owner.client(endpoints.putSetting, {
    ...{ env, name: 'registry.whitelist', body: { value: 'ghcr.io' } },
  });
});
afterAll(() => stage.close());

const ask = (engine: (typeof POLICY_ENGINES)[number], asked = clusterId) =>
  stage.cast.viewer.client(endpoints.exportPolicy, { env, query: { engine, clusterId: asked } });

describe('200', () => {
  it.each(POLICY_ENGINES)(
    'gives the policy for %s, with the namespaces of the cluster',
    async (engine) => {
      const exported = PolicyExport.strict().parse(await ask(engine));
      const text = exported.files.map(({ content }) => content).join('\n');
      expect(text).toContain('ghcr.io');
      expect(text).toContain('shop');
      expect(exported.engine).toBe(engine);
    },
  );
});

describe('400 and 404', () => {
  it('wants an engine that there is, and a cluster that the environment reaches', async () => {
    const odd = stage.cast.viewer.client(endpoints.exportPolicy, {
      env,
      // @ts-expect-error: what somebody else's client may send
      query: { engine: 'falco', clusterId },
    });
    expect((await problemOf(odd)).code).toBe('request.invalid');
    const other = await stage.connect();
    expect((await problemOf(ask('kyverno', other.id))).status).toBe(404);
    const stranger = stage.cast.stranger.client(endpoints.exportPolicy, {
      ...{ env, query: { engine: 'kyverno', clusterId } },
    });
    expect((await problemOf(stranger)).status).toBe(404);
  });
});

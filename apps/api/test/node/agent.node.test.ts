import { endpoints } from '@moorage/contract';
import { hasParts, pushTestImage, type Registry, startRegistry } from '@moorage/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../sync-stage.js';
import { type AgentStage, startAgentStage } from './agent-stage.js';
import { allowWhatIsPrinted, connectCluster } from './real-node.js';

const env = 'platform';
const namespace = 'apps';
/** The pull secret of the target goes elsewhere: these pulls use what the node knows. */
const namespaces = { include: ['team-*'], exclude: [], matchLabels: {} };

describe.skipIf(!hasParts('node'))('the agent on a real node', () => {
  let stage: AgentStage;
  let clusterId: string;
  let origin: Registry;
  let mirror: Registry;
  let image: string;

  beforeAll(async () => {
    stage = await startAgentStage();
    origin = await startRegistry();
    mirror = await startRegistry();
    for (const { address } of [origin, mirror]) {
      const pushed = await pushTestImage({ address, repository: 'team/tool', tag: '1' });
      if (address === origin.address) image = pushed.reference;
    }
    clusterId = await connectCluster(stage);
    await stage.kubernetes.createNamespace(namespace);
    await stage.admin(endpoints.createEnvironment, { body: { displayName: 'Platform' } });
    await stage.admin(endpoints.createTarget, {
      env,
      body: { clusterId, namespaces, nodeConfig: { enabled: true, distribution: 'k3s' } },
    });
    await allowWhatIsPrinted(stage, clusterId);
  });
  afterAll(async () => {
    await stage?.close();
    await Promise.all([origin?.stop(), mirror?.stop()]);
  });

  it('runs from its image, without any privilege, and reports', async () => {
    await stage.deploy();
    await eventually(async () => {
      expect(await stage.report()).toMatchObject({ state: 'in-sync', lastError: null });
    }, 120_000);
    console.log(JSON.stringify(await stage.report()), stage.agentLog());
  });
});

import { startSimulatedCluster } from '../src/index.js';
import { describeLists } from './conformance-lists.js';
import { describeObjects } from './conformance-objects.js';
import { describePolicies } from './conformance-policies.js';
import type { ConformanceSubject } from './conformance-subject.js';
import { describeWrites } from './conformance-writes.js';

async function startSimulated(): Promise<ConformanceSubject> {
  const cluster = await startSimulatedCluster({ name: 'conformance', token: 'conformance-token' });
  return {
    url: cluster.url,
    token: cluster.token,
    expireHistory: async () => cluster.store.compact(),
    stop: cluster.stop,
  };
}

describeObjects('the simulated API', startSimulated);
describeWrites('the simulated API', startSimulated);
describeLists('the simulated API', startSimulated);
describePolicies('the simulated API', startSimulated);

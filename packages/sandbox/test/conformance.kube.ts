import { hasParts, startKubernetes } from '@moorage/testbed';
import { describe } from 'vitest';
import { describeLists } from './conformance-lists.js';
import { describeObjects } from './conformance-objects.js';
import { describePolicies } from './conformance-policies.js';
import type { ConformanceSubject } from './conformance-subject.js';
import { describeWrites } from './conformance-writes.js';

async function startReal(): Promise<ConformanceSubject> {
  const cluster = await startKubernetes({ name: 'conformance' });
  return {
    url: cluster.url,
    token: cluster.adminToken,
    caCertificate: cluster.caCertificate,
    expireHistory: cluster.expireHistory,
    stop: cluster.stop,
  };
}

describe.skipIf(!hasParts('kubernetes'))('kube-apiserver', () => {
  describeObjects('a real API server', startReal);
  describeWrites('a real API server', startReal);
  describeLists('a real API server', startReal);
  describePolicies('a real API server', startReal);
});

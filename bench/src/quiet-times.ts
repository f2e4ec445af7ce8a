/** P3 and P9: what the product does when nothing changes, and when it starts with all in sync. */
import { setTimeout as delay } from 'node:timers/promises';
import { countRequests, readVerbs, subtractTotals, writeVerbs } from '@moorage/testbed';
import type { Finding } from './finding.js';
import { cpuTimeMs } from './process-usage.js';
import { count } from './propagation.js';
import type { PropagationStage } from './propagation-stage.js';

/** After the last change, until progress is written and the just-in-time compiler is done. */
const calmMs = 3_000;
/** client-go's page size, which the product shares. */
const pageSize = 500;

export async function measureIdle(
  stage: PropagationStage,
  seconds: number,
): Promise<readonly Finding[]> {
  await stage.serveFirst();
  await delay(calmMs);
  const before = await stage.kubernetes.requestTotals();
  const [cpuBefore, startedAt] = [cpuTimeMs(stage.product.pid), performance.now()];
  await delay(seconds * 1000);
  const cpuShare = (cpuTimeMs(stage.product.pid) - cpuBefore) / (performance.now() - startedAt);
  const made = subtractTotals(await stage.kubernetes.requestTotals(), before);
  await stage.removeTarget();
  const [reads, writes] = [count(made, readVerbs), count(made, writeVerbs)];
  return [
    {
      goal: 'P3',
      what: 'idle: reads, writes; share of a core',
      limit: '0, 0; ≤ 1 %',
      figure: `${reads}, ${writes}; ${(cpuShare * 100).toFixed(2)} %`,
      isMet: reads === 0 && writes === 0 && cpuShare <= 0.01,
      sizes: `${stage.namespaces.length} namespaces, ${seconds} s`,
    },
  ];
}

export async function measureRestart(stage: PropagationStage): Promise<readonly Finding[]> {
  await stage.serveFirst();
  const before = await stage.kubernetes.requestTotals();
  await stage.restartProduct();
  const made = subtractTotals(await stage.kubernetes.requestTotals(), before);
  await stage.removeTarget();
  const lists = (resource: string) => countRequests(made, { verbs: readVerbs, resource });
  const pages = Math.ceil((stage.namespaces.length + 10) / pageSize);
  const seen = ['namespaces', 'secrets', 'serviceaccounts'].map(lists);
  const writes = count(made, writeVerbs);
  return [
    {
      goal: 'P9',
      what: 'start in sync: writes; reads of namespaces, Secrets, service accounts',
      limit: `0; ≤ ${pages} page${pages === 1 ? '' : 's'} of ${pageSize} each`,
      figure: `${writes}; ${seen.join(', ')} (time not compared)`,
      isMet: writes === 0 && seen.every((reads) => reads <= pages),
      sizes: `${stage.namespaces.length} namespaces`,
    },
  ];
}

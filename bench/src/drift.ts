/** P10: how soon a copy that somebody edited or deleted is right again, and with how many writes. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { subtractTotals, writeVerbs } from '@moorage/testbed';
import type { Finding } from './finding.js';
import { measureWrites } from './new-namespaces.js';
import { count } from './propagation.js';
import type { PropagationStage } from './propagation-stage.js';
import { percentile } from './statistics.js';

const repairTimeoutMs = 10_000;
const edited = '{"auths":{}}';

export async function measureDrift(
  stage: PropagationStage,
  samples: number,
): Promise<readonly Finding[]> {
  await stage.serveFirst();
  const write = percentile(await measureWrites(stage, samples), 0.5);
  const spoilt = stage.namespaces.slice(0, samples);
  const before = await stage.kubernetes.requestTotals();
  const latencies: number[] = [];
  for (const namespace of spoilt) {
    latencies.push(await repairOf(stage, namespace, edit));
    latencies.push(await repairOf(stage, namespace, remove));
  }
  const made = subtractTotals(await stage.kubernetes.requestTotals(), before);
  await stage.removeTarget();
  const repairs = 2 * spoilt.length;
  const writes = (count(made, writeVerbs) - repairs) / repairs; // the other half spoilt them
  const p99 = percentile(latencies, 0.99);
  return [
    {
      goal: 'P10',
      what: 'edited or deleted by hand: writes of a repair; p99 until right again',
      limit: '1; ≤ 5 × one write',
      figure: `${Number(writes.toFixed(3))}; ${(p99 / write).toFixed(2)} × (${p99.toFixed(1)} ms)`,
      isMet: writes === 1 && p99 <= 5 * write,
      sizes: `${stage.namespaces.length} namespaces, ${repairs} repairs, one write ${write.toFixed(2)} ms`,
    },
  ];
}

type Spoil = (stage: PropagationStage, namespace: string) => Promise<number>;

async function repairOf(stage: PropagationStage, namespace: string, spoil: Spoil): Promise<number> {
  const spoiltAt = await spoil(stage, namespace);
  // The watcher has seen the damage: from here on right bytes are repaired ones.
  stage.expectPresent();
  const rightAt = await stage.watcher.waitForNamespace(namespace, repairTimeoutMs);
  return Math.max(0, rightAt - spoiltAt);
}

const pathOf = (stage: PropagationStage, namespace: string) =>
  `/api/v1/namespaces/${namespace}/secrets/${stage.secretName}`;

const edit: Spoil = async (stage, namespace) => {
  stage.watcher.begin(edited, [namespace]);
  const data = { '.dockerconfigjson': Buffer.from(edited, 'utf8').toString('base64') };
  const reply = await stage.kubernetes.call({
    method: 'PATCH',
    path: pathOf(stage, namespace),
    body: { data },
    contentType: 'application/merge-patch+json',
  });
  const editedAt = performance.now();
  if (reply.status !== 200) throw new Error(`editing a Secret answered ${reply.status}`);
  await stage.watcher.waitForNamespace(namespace, repairTimeoutMs);
  return editedAt;
};

const remove: Spoil = async (stage, namespace) => {
  const seen = stage.watcher.forbidden().missing;
  const reply = await stage.kubernetes.call({ method: 'DELETE', path: pathOf(stage, namespace) });
  const removedAt = performance.now();
  if (reply.status !== 200) throw new Error(`deleting a Secret answered ${reply.status}`);
  const deadline = removedAt + repairTimeoutMs;
  while (stage.watcher.forbidden().missing === seen) {
    if (performance.now() > deadline) throw new Error('the watcher did not see a deletion');
    await nextTurn();
  }
  return removedAt;
};

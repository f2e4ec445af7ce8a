/** P5: how soon a new namespace is served, idle and while everything else is being rotated. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Finding, RunOptions } from './finding.js';
import { PipelinedConnection } from './pipelined-connection.js';
import type { PropagationStage } from './propagation-stage.js';
import { percentile } from './statistics.js';

/** Between two new namespaces when idle, so that each is a first one. */
const pauseMs = 20;
/** Far beyond any figure: a starved machine gives a bad figure and not none. */
const serveTimeoutMs = 60_000;
/** A rotation of few namespaces is over soon; more rounds than this mean that it is not sampled. */
const maxRotations = 40;

interface Served {
  /** From the answer to the namespace's creation; its service account follows at once. */
  readonly sinceNamespaceMs: number;
  readonly sinceAccountMs: number;
}

export async function measureNewNamespaces(
  stage: PropagationStage,
  { samples, progress }: { samples: number; progress: RunOptions['progress'] },
): Promise<readonly Finding[]> {
  await stage.serveFirst(['new-*']);
  const write = percentile(await measureWrites(stage, samples), 0.5);
  const idle = await serveWhenIdle(stage, samples);
  const busy = await serveDuringRotations(stage, samples);
  await stage.removeTarget();
  for (const [name, served] of [['idle', idle] as const, ['rotating', busy] as const])
    progress(`${name}: ${describeServed(served)}; one write ${write.toFixed(2)} ms`);
  return describe(write, idle, busy, stage.namespaces.length);
}

/** One write at a time on one warm connection: the unit in which the goal counts. */
export async function measureWrites(
  stage: PropagationStage,
  samples: number,
): Promise<readonly number[]> {
  const round = `${Date.now()}`;
  await stage.kubernetes.createNamespace(`probe-${round}`);
  const connection = await PipelinedConnection.open(stage.floorServer, (error) => {
    throw error;
  });
  const latencies: number[] = [];
  for (let at = 0; at < samples + 20; at += 1) {
    const request = stage.probeRequest(`probe-${round}`, `probe-${at}`);
    const sentAt = performance.now();
    const status = await new Promise<number>((resolve) => connection.send(request, resolve));
    if (status !== 201) throw new Error(`a single write answered ${status}`);
    if (at >= 20) latencies.push(performance.now() - sentAt); // the first ones warm the path
  }
  connection.close();
  return latencies;
}

async function serveWhenIdle(stage: PropagationStage, samples: number): Promise<readonly Served[]> {
  stage.expectPresent();
  const served: Served[] = [];
  for (let at = 0; at < samples; at += 1) {
    served.push(await serveOne(stage, `new-idle-${at}`));
    await delay(pauseMs);
  }
  return served;
}

async function serveDuringRotations(
  stage: PropagationStage,
  samples: number,
): Promise<readonly Served[]> {
  const served: Served[] = [];
  for (let round = 0; served.length < samples && round < maxRotations; round += 1) {
    await stage.beginRotation();
    while (!stage.isRotated() && served.length < samples) {
      served.push(await serveOne(stage, `new-busy-${round}-${served.length}`));
    }
    await stage.waitUntilAllServed();
  }
  return served;
}

async function serveOne(stage: PropagationStage, name: string): Promise<Served> {
  await create(stage, '/api/v1/namespaces', { kind: 'Namespace', metadata: { name } });
  const namespaceAt = performance.now();
  const account = { kind: 'ServiceAccount', metadata: { name: 'default' } };
  await create(stage, `/api/v1/namespaces/${name}/serviceaccounts`, account);
  const accountAt = performance.now();
  const servedAt = await stage.watcher.waitForNamespace(name, serveTimeoutMs);
  return { sinceNamespaceMs: servedAt - namespaceAt, sinceAccountMs: servedAt - accountAt };
}

async function create(stage: PropagationStage, path: string, object: object): Promise<void> {
  const body = { apiVersion: 'v1', ...object };
  const reply = await stage.kubernetes.call({ method: 'POST', path, body });
  if (reply.status !== 201) throw new Error(`POST ${path} answered ${reply.status}`);
}

const quantile = (served: readonly Served[], since: keyof Served, share: number) =>
  percentile(
    served.map((one) => one[since]),
    share,
  );

function describeServed(served: readonly Served[]): string {
  const p50 = quantile(served, 'sinceAccountMs', 0.5).toFixed(1);
  const p99 = quantile(served, 'sinceAccountMs', 0.99).toFixed(1);
  const whole = quantile(served, 'sinceNamespaceMs', 0.5).toFixed(1);
  return `p50 ${p50} ms, p99 ${p99} ms (since the namespace alone: p50 ${whole} ms)`;
}

/**
 * Judged from the moment when the service account is there: it is made right after the namespace,
 * here by us, and before it there is nothing that could be served.
 */
function describe(
  write: number,
  idle: readonly Served[],
  busy: readonly Served[],
  namespaces: number,
): readonly Finding[] {
  const idleP50 = quantile(idle, 'sinceAccountMs', 0.5);
  const finding = (
    what: string,
    value: number,
    { unit, most, name }: { unit: number; most: number; name: string },
  ): Finding => ({
    goal: 'P5',
    what,
    limit: `≤ ${most} × ${name}`,
    figure: `${(value / unit).toFixed(2)} × (${value.toFixed(1)} ms)`,
    isMet: value <= most * unit,
    sizes: `${namespaces} namespaces, ${idle.length} and ${busy.length} new ones, one write ${write.toFixed(2)} ms`,
  });
  const writes = { unit: write, name: 'one write' };
  return [
    finding('new namespace with its account, idle: p50', idleP50, { ...writes, most: 2.5 }),
    finding('the same: p99', quantile(idle, 'sinceAccountMs', 0.99), { ...writes, most: 5 }),
    finding('the same during a rotation: p50', quantile(busy, 'sinceAccountMs', 0.5), {
      ...{ unit: idleP50, most: 2, name: 'idle' },
    }),
  ];
}

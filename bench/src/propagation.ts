/** P1, P2 and P4: one credential into every namespace, and its rotation, against the floor. */
import {
  countRequests,
  type RequestTotal,
  readVerbs,
  subtractTotals,
  writeVerbs,
} from '@moorage/testbed';
import type { Finding, RunOptions } from './finding.js';
import { floorConnections } from './floor-writer.js';
import { ConnectionSampler } from './process-usage.js';
import type { Pass, PropagationStage } from './propagation-stage.js';
import { formatSpread, median } from './statistics.js';

type Connections = { readonly connections: number; readonly depth: number };

interface FloorChoice {
  readonly first: Connections;
  readonly rotate: Connections;
}

interface Pair {
  readonly first: { readonly product: Pass; readonly floor: Pass };
  readonly rotation: { readonly product: Pass; readonly floor: Pass };
  readonly writes: { readonly first: number; readonly rotation: number; readonly resync: number };
  readonly reads: number;
  readonly connections: { readonly most: number; readonly different: number };
}

/** What the product reads and writes; the API server asks itself for other things too. */
const resources = ['secrets', 'serviceaccounts', 'namespaces'];

export function count(totals: readonly RequestTotal[], verbs: readonly string[]): number {
  return resources.reduce((sum, resource) => sum + countRequests(totals, { verbs, resource }), 0);
}

export async function measurePropagation(
  stage: PropagationStage,
  { pairs, limit, progress }: { pairs: number; limit: number; progress: RunOptions['progress'] },
): Promise<readonly Finding[]> {
  const choice = await chooseFloor(stage, progress);
  await productTrial(stage); // one round to warm up: a server runs for weeks
  const seen: Pair[] = [];
  for (let round = 0; round < pairs; round += 1) {
    // A B, B A, A B …: what drifts with time falls on both alike.
    const productFirst = round % 2 === 0;
    const before = productFirst ? undefined : await floorTrial(stage, choice);
    const product = await productTrial(stage);
    const floor = before ?? (await floorTrial(stage, choice));
    seen.push({
      ...product,
      first: { product: product.first, floor: floor.first },
      rotation: { product: product.rotation, floor: floor.rotation },
    });
    progress(describePair(seen.length, seen[seen.length - 1]));
  }
  return describe(seen, stage.namespaces.length, limit, choice);
}

async function floorTrial(stage: PropagationStage, choice: FloorChoice) {
  const first = await stage.floorPass('first', choice.first);
  const rotation = await stage.floorPass('rotate', choice.rotate);
  await stage.floorPass('clear', choice.first);
  return { first, rotation };
}

async function productTrial(stage: PropagationStage) {
  const totals = () => stage.kubernetes.requestTotals();
  const sampler = new ConnectionSampler(stage.product.pid, stage.floorServer.port);
  const start = await totals();
  const first = await stage.serveFirst();
  const served = await totals();
  const rotation = await stage.rotate();
  const rotated = await totals();
  await stage.resync();
  const synced = await totals();
  const connections = sampler.stop();
  await stage.removeTarget();
  const writes = (after: readonly RequestTotal[], before: readonly RequestTotal[]) =>
    count(subtractTotals(after, before), writeVerbs) / stage.namespaces.length;
  return {
    first,
    rotation,
    connections,
    reads: count(subtractTotals(synced, start), readVerbs),
    writes: {
      first: writes(served, start),
      rotation: writes(rotated, served),
      resync: writes(synced, rotated),
    },
  };
}

/** The best numbers of connections on this machine, after one round that nobody counts. */
async function chooseFloor(
  stage: PropagationStage,
  progress: RunOptions['progress'],
): Promise<FloorChoice> {
  const candidates = floorConnections.map((connections) => ({
    connections,
    depth: connections <= 8 ? 4 : 2,
  }));
  const tried: { settings: Connections; first: number; rotate: number }[] = [];
  for (const settings of [{ connections: 16, depth: 2 }, ...candidates]) {
    const passes = await floorTrial(stage, { first: settings, rotate: settings });
    const { first, rotation } = passes;
    tried.push({ settings, first: first.durationMs, rotate: rotation.durationMs });
    progress(
      `floor, ${settings.connections} connections: first ${first.durationMs.toFixed(0)} ms, rotation ${rotation.durationMs.toFixed(0)} ms`,
    );
  }
  const best = (key: 'first' | 'rotate') =>
    tried.slice(1).reduce((a, b) => (b[key] < a[key] ? b : a)).settings;
  return { first: best('first'), rotate: best('rotate') };
}

function describePair(round: number, pair: Pair | undefined): string {
  if (pair === undefined) return '';
  const part = ({ product, floor }: { product: Pass; floor: Pass }) =>
    `${product.durationMs.toFixed(0)}/${floor.durationMs.toFixed(0)} ms, CPU ${product.cpuMs.toFixed(0)}/${floor.cpuMs.toFixed(0)} ms`;
  return `pair ${round} (product/floor): first ${part(pair.first)}; rotation ${part(pair.rotation)}`;
}

function describe(
  pairs: readonly Pair[],
  namespaces: number,
  limit: number,
  choice: FloorChoice,
): readonly Finding[] {
  const sizes = `${namespaces} namespaces, ${pairs.length} pairs`;
  const ratios = (key: 'first' | 'rotation', of: keyof Pass) =>
    pairs.map((pair) => pair[key].product[of] / pair[key].floor[of]);
  const ratio = (what: string, values: readonly number[], most: number): Finding => ({
    goal: 'P1',
    what,
    limit: `≤ ${most} × floor`,
    figure: `${formatSpread(values)} ×`,
    isMet: median(values) <= most,
    sizes,
  });
  const floorMs = (key: 'first' | 'rotation') =>
    median(pairs.map((pair) => pair[key].floor.durationMs)).toFixed(0);
  return [
    ratio(
      `first: Secret and service account (floor ${floorMs('first')} ms, ${choice.first.connections} connections)`,
      ratios('first', 'durationMs'),
      limit,
    ),
    ratio(
      `rotation (floor ${floorMs('rotation')} ms, ${choice.rotate.connections} connections)`,
      ratios('rotation', 'durationMs'),
      limit,
    ),
    ratio('CPU, first', ratios('first', 'cpuMs'), 2.5),
    ratio('CPU, rotation', ratios('rotation', 'cpuMs'), 2.5),
    describeWrites(pairs, sizes),
    describeConnections(pairs, sizes),
  ];
}

function describeWrites(pairs: readonly Pair[], sizes: string): Finding {
  const all = pairs.map(({ writes, reads }) => [
    writes.first,
    writes.rotation,
    writes.resync,
    reads,
  ]);
  const worst = [0, 1, 2, 3].map((at) => Math.max(...all.map((row) => row[at] ?? 0)));
  const format = (value: number) => String(Number(value.toFixed(3)));
  return {
    goal: 'P2',
    what: 'writes per namespace: first, rotation, re-sync; reads in all',
    limit: '2, 1, 0; 0',
    figure: `${worst.slice(0, 3).map(format).join(', ')}; ${format(worst[3] ?? 0)}`,
    isMet: all.every((row) => row.join() === '2,1,0,0'),
    sizes,
  };
}

function describeConnections(pairs: readonly Pair[], sizes: string): Finding {
  const most = Math.max(...pairs.map(({ connections }) => connections.most));
  const different = Math.max(...pairs.map(({ connections }) => connections.different));
  return {
    goal: 'P4',
    what: 'connections to the API server, watches included',
    limit: '≤ 8 + 3 watches',
    figure: `${most} at once, ${different} different ones`,
    isMet: different <= 11,
    sizes,
  };
}

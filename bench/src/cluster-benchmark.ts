/** Everything that is measured on one stage with a cluster: the goals whose names begin with P. */
import { hasParts } from '@moorage/testbed';
import { type Benchmark, type Finding, notMeasured, type RunOptions } from './finding.js';
import { measureDrift } from './drift.js';
import { measureNewNamespaces } from './new-namespaces.js';
import { measurePropagation } from './propagation.js';
import { PropagationStage, type StageOptions } from './propagation-stage.js';
import { measureIdle, measureRestart } from './quiet-times.js';
import { measureRotations } from './rotations.js';

const goals = ['P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P9', 'P10'];

export const clusterBenchmark: Benchmark = {
  goals,
  async run(options) {
    const asked = goals.filter((goal) => options.wants(goal));
    if (!hasParts('kubernetes', 'postgres'))
      return notMeasured(asked, 'parts are missing, see above');
    const size = { namespaces: options.full ? 2_000 : 300, credentials: 1 };
    const findings = await onStage(size, options, (stage) => measureOn(stage, options));
    if (!options.full || !options.wants('P1')) return findings;
    const large = await onStage({ namespaces: 5_000, credentials: 3 }, options, (stage) =>
      measurePropagation(stage, { pairs: 3, limit: 1.15, progress: options.progress }),
    );
    return [...findings, ...large];
  },
};

async function onStage(
  size: StageOptions,
  { progress }: RunOptions,
  measure: (stage: PropagationStage) => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  progress(`starting a cluster with ${size.namespaces} namespaces`);
  const stage = await PropagationStage.open(size);
  try {
    return await measure(stage);
  } finally {
    await stage.close();
  }
}

async function measureOn(
  stage: PropagationStage,
  options: RunOptions,
): Promise<readonly Finding[]> {
  const { full, progress, wants } = options;
  const findings: Finding[] = [];
  if (['P1', 'P2', 'P4'].some(wants)) {
    const pairs = full ? 5 : 3;
    findings.push(...(await measurePropagation(stage, { pairs, limit: 1.25, progress })));
  }
  if (wants('P3')) findings.push(...(await measureIdle(stage, full ? 600 : 20)));
  if (wants('P5')) {
    const samples = full ? 300 : 60;
    findings.push(...(await measureNewNamespaces(stage, { samples, progress })));
  }
  if (wants('P6')) findings.push(...(await measureRotations(stage, full ? 20 : 5)));
  if (wants('P9')) findings.push(...(await measureRestart(stage)));
  if (wants('P10')) findings.push(...(await measureDrift(stage, full ? 200 : 30)));
  return findings;
}

/** Everything that is measured on one stage with a cluster: the goals whose names begin with P. */
import { hasParts } from '@moorage/testbed';
import { measureDrift } from './drift.js';
import { type Benchmark, type Finding, notMeasured, type RunOptions } from './finding.js';
import { measureNewNamespaces } from './new-namespaces.js';
import { measurePropagation } from './propagation.js';
import { PropagationStage, type StageOptions } from './propagation-stage.js';
import { measureIdle, measureRestart } from './quiet-times.js';
import { measureRotations } from './rotations.js';

export const clusterBenchmark: Benchmark = {
  get goals() {
    return steps.flatMap((step) => step.goals);
  },
  async run(options) {
    const asked = clusterBenchmark.goals.filter((goal) => options.wants(goal));
    if (!hasParts('kubernetes', 'postgres'))
      return notMeasured(asked, 'parts are missing, see above');
    const size = { namespaces: options.full ? 2_000 : 1_000, credentials: 1 };
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

interface Step {
  readonly goals: readonly string[];
  measure(stage: PropagationStage, options: RunOptions): Promise<readonly Finding[]>;
}

/** In this order, on one stage; each leaves the namespaces as it found them. */
const steps: readonly Step[] = [
  {
    goals: ['P1', 'P2', 'P4'],
    measure: (stage, { full, progress }) =>
      measurePropagation(stage, { pairs: full ? 5 : 3, limit: 1.25, progress }),
  },
  { goals: ['P3'], measure: (stage, { full }) => measureIdle(stage, full ? 600 : 20) },
  {
    goals: ['P5'],
    measure: (stage, { full, progress }) =>
      measureNewNamespaces(stage, { samples: full ? 300 : 60, progress }),
  },
  { goals: ['P6'], measure: (stage, { full }) => measureRotations(stage, full ? 20 : 5) },
  { goals: ['P9'], measure: (stage) => measureRestart(stage) },
  { goals: ['P10'], measure: (stage, { full }) => measureDrift(stage, full ? 200 : 30) },
];

async function measureOn(
  stage: PropagationStage,
  options: RunOptions,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { goals, measure } of steps) {
    const asked = goals.filter((goal) => options.wants(goal));
    if (asked.length === 0) continue;
    try {
      findings.push(...(await measure(stage, options)));
    } catch (error) {
      // The namespaces are in an unknown state now: what was found so far is still worth reading.
      console.error(error);
      process.exitCode = 1;
      const left = steps.slice(steps.findIndex((step) => step.goals === goals));
      const missing = left.flatMap((step) => step.goals).filter((goal) => options.wants(goal));
      return [...findings, ...notMeasured(missing, 'broke, see above')];
    }
  }
  return findings;
}

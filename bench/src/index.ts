/** `npm run bench [-- NAME… --full]`: measures, and prints one table. Reports, and never fails. */
import { apiBenchmark } from './api-benchmark.js';
import { clusterBenchmark } from './cluster-benchmark.js';
import {
  type Benchmark,
  type Finding,
  formatTable,
  notMeasured,
  type RunOptions,
} from './finding.js';
import { firstLoadBenchmark } from './first-load.js';
import { startUpBenchmark } from './start-up.js';

const benchmarks: readonly Benchmark[] = [
  clusterBenchmark,
  apiBenchmark,
  firstLoadBenchmark,
  startUpBenchmark,
];

const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const wanted = new Set(names.map((name) => name.toUpperCase()));
const options: RunOptions = {
  full: process.argv.includes('--full'),
  isNamed: wanted.size > 0,
  wants: (goal) => wanted.size === 0 || wanted.has(goal),
  progress: (line) => console.error(`  ${line}`),
};

const known = benchmarks.flatMap(({ goals }) => goals);
const unknown = [...wanted].filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`There is no benchmark of ${unknown.join(', ')}. There are: ${known.join(', ')}.`);
  process.exit(2);
}

const startedAt = performance.now();
const findings: Finding[] = [];
for (const benchmark of benchmarks) {
  const goals = benchmark.goals.filter((goal) => options.wants(goal));
  if (goals.length === 0) continue;
  try {
    findings.push(...(await benchmark.run(options)));
  } catch (error) {
    console.error(error);
    // What breaks one benchmark must not hide the figures of the others, but it is no success.
    findings.push(...notMeasured(goals, 'broke, see above'));
    process.exitCode = 1;
  }
}
console.log(formatTable(findings.filter(({ goal }) => options.wants(goal))));
console.log(
  `\n${((performance.now() - startedAt) / 1000).toFixed(0)} s, ${options.full ? 'full' : 'small'} sizes`,
);
// Whatever a broken benchmark left open must not keep us; the testbed's parts end with us.
process.exit();

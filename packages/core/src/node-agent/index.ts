export { buildAgentManifest } from './agent-manifest.js';
export type { AgentManifestOptions } from './agent-options.js';
export {
  type AgentDistribution,
  agentDistributions,
  agentMarks,
  agentPlace,
  nodeReportKey,
  nodeReportName,
} from './agent-place.js';
export * from './agent-state.js';
export { type ArrangeOptions, arrangeNodeFiles } from './arrange-node-files.js';
export { type NodeProblemCode, nodeProblemCodes } from './codes.js';
export type { DesiredFile, Refusal } from './desired-file.js';
export { encodeNodeFiles, type NodeFilesTooLarge } from './node-files-secret.js';
export { agentStateDirectory, hostRoot, type NodePaths, nodePathsOf } from './node-paths.js';
export * from './node-report.js';
export * from './plan-node-files.js';
export * from './restart-need.js';
export * from './restart-turn.js';

export { type AgentManifestOptions, buildAgentManifest } from './agent-manifest.js';
export {
  type AgentDistribution,
  agentDistributions,
  agentPlace,
  nodeReportKey,
  nodeReportName,
} from './agent-place.js';
export * from './node-report.js';

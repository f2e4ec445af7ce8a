export { type PullPlanCode, pullPlanCodes } from './codes.js';
export { type ContainerdFlavour, type HostEntry, readHostsFile } from './hosts-file.js';
export { planPull } from './plan-pull.js';
export type * from './pull-plan.js';

export {
  buildNodeConfig,
  type NodeConfigFormat,
  type NodeConfigRequest,
  nodeConfigFormats,
} from './build-node-config.js';
export { buildRegistriesYaml } from './build-registries-yaml.js';
export { type NodeConfigCode, nodeConfigCodes } from './codes.js';
export { compareNodeConfig } from './compare-node-config.js';
export { parseNodeEndpoint } from './endpoint.js';
export type * from './model.js';
export { maskedSecret } from './model.js';

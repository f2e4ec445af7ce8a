export { type NodeConfigImportCode, nodeConfigImportCodes } from './codes.js';
export type * from './model.js';
export { planNodeConfigImport } from './plan-import.js';

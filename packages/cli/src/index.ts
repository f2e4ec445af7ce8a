export type { CommandIo } from './command.js';
export { runCommand } from './run-command.js';

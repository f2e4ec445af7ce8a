#!/usr/bin/env node
/**
 * The `moorage` command: the process around `runCommand`.
 */
import { openProcessIo } from './process-io.js';
import { runCommand } from './run-command.js';

process.exitCode = await runCommand(process.argv.slice(2), openProcessIo());

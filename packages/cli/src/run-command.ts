/**
 * Finds the command, runs it, and turns what happened into an exit code:
 * 0 = fine, 1 = the answer is bad (an invalid file, no image name), 2 = wrong usage or unreadable
 * input.
 *
 * Does not handle: the process; input and output are handed in.
 */

import type { Command, CommandIo, ExitCode } from './command.js';
import { checkCommand } from './commands/check-registries.js';
import { pullPlanCommand } from './commands/plan-pull.js';
import { imageListCommand } from './commands/prepare-images.js';
import { renderCommand } from './commands/render-registries.js';
import { rewriteCommand } from './commands/try-rewrite.js';
import { UsageError } from './usage-error.js';

const commands: readonly Command[] = [
  checkCommand,
  renderCommand,
  pullPlanCommand,
  rewriteCommand,
  imageListCommand,
];

export async function runCommand(args: readonly string[], io: CommandIo): Promise<ExitCode> {
  if (args.length === 0 || args.includes('--help') || args.includes('-h')) {
    io.write(helpText(args));
    return args.length === 0 ? 2 : 0;
  }
  const command = commands.find(({ name }) => name.every((word, index) => args[index] === word));
  if (command === undefined) {
    io.writeError(`moorage: unknown command: ${args.slice(0, 2).join(' ')}\n\n${helpText([])}`);
    return 2;
  }
  try {
    return await command.run(args.slice(command.name.length), io);
  } catch (error) {
    if (!(error instanceof UsageError)) {
      throw error;
    }
    const usage = `usage: moorage ${command.name.join(' ')} ${command.synopsis}`;
    io.writeError(`moorage: ${error.message}\n${error.isMisuse ? `${usage}\n` : ''}`);
    return 2;
  }
}

function helpText(args: readonly string[]): string {
  const asked = commands.filter(({ name }) => name.every((word, index) => args[index] === word));
  const shown = asked.length > 0 ? asked : commands;
  const lines = shown.flatMap(({ name, synopsis, summary }) => [
    `  moorage ${name.join(' ')} ${synopsis}`,
    `      ${summary}`,
    '',
  ]);
  return `${['usage:', ...lines, 'FILE may be - for standard input. Nothing is sent anywhere.'].join('\n')}\n`;
}

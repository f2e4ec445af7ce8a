/**
 * Reads the arguments that the commands share: one way to name a node and its release.
 *
 * Does not handle: short options; there are none but -h.
 */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { CommandIo } from './command.js';
import { UsageError } from './usage-error.js';

type Options = NonNullable<ParseArgsConfig['options']>;

export interface ParsedArguments {
  readonly positionals: readonly string[];
  readonly text: (name: string) => string | undefined;
  readonly texts: (name: string) => readonly string[];
  readonly flag: (name: string) => boolean;
}

export const nodeOptions = {
  distribution: { type: 'string', default: 'k3s' },
  'disable-default-endpoint': { type: 'boolean' },
  'embedded-registry': { type: 'string' },
  json: { type: 'boolean' },
} as const satisfies Options;

/** Parses, and insists on the number of positionals. */
export function parseArguments(
  args: readonly string[],
  options: Options,
  positionals: readonly string[],
): ParsedArguments {
  const parsed = parseOrRefuse(args, options);
  if (parsed.positionals.length !== positionals.length) {
    const wanted = positionals.join(' and ');
    throw new UsageError(`${wanted} ${positionals.length === 1 ? 'is' : 'are'} needed`);
  }
  const values = parsed.values;
  return {
    positionals: parsed.positionals,
    text: (name) => (typeof values[name] === 'string' ? values[name] : undefined),
    texts: (name) => {
      const value = values[name];
      return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
    },
    flag: (name) => values[name] === true,
  };
}

function parseOrRefuse(args: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'wrong arguments');
  }
}

export function readDistribution(parsed: ParsedArguments): 'k3s' | 'rke2' {
  const value = parsed.text('distribution');
  if (value !== 'k3s' && value !== 'rke2') {
    throw new UsageError('--distribution is k3s or rke2');
  }
  return value;
}

/** Reads a file; what is wrong with it is told without a stack trace. */
export async function readInput(io: CommandIo, path: string): Promise<string> {
  try {
    return await io.readText(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unreadable';
    throw new UsageError(`cannot read ${path === '-' ? 'standard input' : path}: ${reason}`, false);
  }
}

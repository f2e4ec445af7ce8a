/**
 * `moorage registries-yaml check`: findings about a file, for people or as JSON.
 */
import { checkRegistriesYaml, type Diagnostic, type RegistriesYamlReport } from '@moorage/core';
import { nodeOptions, parseArguments, readDistribution, readInput } from '../arguments.js';
import type { Command } from '../command.js';
import { count, safeForTerminal } from '../terminal-text.js';

export const checkCommand: Command = {
  name: ['registries-yaml', 'check'],
  synopsis:
    'FILE [--json] [--strict] [--distribution k3s|rke2] [--version v1.31.4+k3s1] [--disable-default-endpoint] [--embedded-registry HOST:PORT]',
  summary:
    'Find what a node would silently ignore or misread. Exit code 1 if the file is invalid; with --strict also for warnings.',
  async run(args, io) {
    const options = {
      ...nodeOptions,
      version: { type: 'string' },
      strict: { type: 'boolean' },
    } as const;
    const parsed = parseArguments(args, options, ['FILE']);
    const distribution = readDistribution(parsed);
    const [path = ''] = parsed.positionals;
    const report = checkRegistriesYaml({
      document: await readInput(io, path),
      distribution,
      version: parsed.text('version'),
      disableDefaultEndpoint: parsed.flag('disable-default-endpoint'),
      embeddedRegistry: parsed.text('embedded-registry'),
    });
    io.write(
      parsed.flag('json') ? `${JSON.stringify(report, null, 2)}\n` : formatReport(path, report),
    );
    const isAcceptable = !parsed.flag('strict') || !hasSeverity(report, 'warning');
    return report.valid && isAcceptable ? 0 : 1;
  },
};

function hasSeverity(report: RegistriesYamlReport, severity: Diagnostic['severity']): boolean {
  return report.diagnostics.some((diagnostic) => diagnostic.severity === severity);
}

function formatReport(path: string, { valid, diagnostics }: RegistriesYamlReport): string {
  const amount = (severity: Diagnostic['severity']) =>
    diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
  const counts = [
    count(amount('error'), 'error'),
    count(amount('warning'), 'warning'),
    count(amount('info'), 'note'),
  ].join(', ');
  const name = path === '-' ? 'standard input' : path;
  const verdict = diagnostics.length === 0 ? 'nothing to report' : counts;
  const body = diagnostics.map((diagnostic) => formatDiagnostic(name, diagnostic)).join('\n');
  return safeForTerminal(`${body}${body && '\n'}${name}: ${valid ? '' : 'invalid, '}${verdict}\n`);
}

function formatDiagnostic(name: string, diagnostic: Diagnostic): string {
  const { severity, line, column, path, message, suggestion, code } = diagnostic;
  const label = severity === 'info' ? 'note' : severity;
  const lines = [
    `${name}:${line}:${column}: ${label}: ${message}`,
    ...(suggestion === null ? [] : [`    → ${suggestion}`]),
    `    ${path === '' ? '' : `${path}  `}(${code})`,
  ];
  return `${lines.join('\n')}\n`;
}

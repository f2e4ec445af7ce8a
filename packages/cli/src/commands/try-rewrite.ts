/**
 * `moorage rewrite`: what a rewrite rule makes of a repository, as nodes evaluate it.
 */
import {
  applyRewrite,
  portablePattern,
  unknownReplacementGroups,
  viewThroughToml,
} from '@moorage/core';
import { parseArguments } from '../arguments.js';
import type { Command } from '../command.js';
import { safeForTerminal } from '../terminal-text.js';

export const rewriteCommand: Command = {
  name: ['rewrite'],
  synopsis: 'PATTERN REPLACEMENT REPOSITORY [--json]',
  summary:
    'Try a rewrite rule on a repository. Exit code 1 if nodes would skip or misread the rule.',
  async run(args, io) {
    const names = ['PATTERN', 'REPLACEMENT', 'REPOSITORY'];
    const parsed = parseArguments(args, { json: { type: 'boolean' } }, names);
    const [pattern = '', replacement = '', repository = ''] = parsed.positionals;
    const rule = { pattern, replacement };
    const { result, changed, compiles, error } = applyRewrite(rule, repository);
    const { parses, patternSeen, replacementSeen } = viewThroughToml(rule);
    const isRead = parses && patternSeen === pattern && replacementSeen === replacement;
    const unknownGroups = compiles ? unknownReplacementGroups(rule) : [];
    const report = { result, changed, compiles, unknownGroups, toml: { parses, patternSeen } };
    const portable = portablePattern(pattern);
    const lines = [
      result,
      ...(compiles ? [] : [`warning: nodes skip this rule: ${error}`]),
      ...unknownGroups.map(
        (group) => `warning: the pattern has no group ${JSON.stringify(group)}; it becomes empty`,
      ),
      ...(isRead
        ? []
        : ['warning: containerd misreads this rule in hosts.toml, or rejects the file']),
      ...(isRead || portable === null ? [] : [`    → ${portable}`]),
    ];
    const text = parsed.flag('json') ? JSON.stringify(report, null, 2) : lines.join('\n');
    io.write(safeForTerminal(`${text}\n`));
    return compiles && isRead && unknownGroups.length === 0 ? 0 : 1;
  },
};

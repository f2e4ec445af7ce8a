/**
 * `moorage registries-yaml render`: the files that a node makes of a `registries.yaml`, with every
 * secret masked.
 */
import {
  buildHostConfigs,
  formatAuthStanzas,
  formatHostsToml,
  hideUrlLogins,
  loadRegistriesYaml,
  maskedSecret,
} from '@moorage/core';
import { nodeOptions, parseArguments, readDistribution, readInput } from '../arguments.js';
import type { Command } from '../command.js';
import { safeForTerminal } from '../terminal-text.js';

export const renderCommand: Command = {
  name: ['registries-yaml', 'render'],
  synopsis:
    'FILE [--json] [--distribution k3s|rke2] [--disable-default-endpoint] [--embedded-registry HOST:PORT]',
  summary: 'Print the hosts.toml files and the logins (masked) that a node makes of the file.',
  async run(args, io) {
    const parsed = parseArguments(args, nodeOptions, ['FILE']);
    const distribution = readDistribution(parsed);
    const [path = ''] = parsed.positionals;
    const loaded = loadRegistriesYaml(await readInput(io, path));
    if (!loaded.loads) {
      const [fault] = loaded.diagnostics;
      const where = path === '-' ? 'standard input' : path;
      io.writeError(
        safeForTerminal(`${where}:${fault?.line}:${fault?.column}: error: ${fault?.message}\n`),
      );
      return 1;
    }
    const { hosts } = buildHostConfigs(loaded.file, {
      distribution,
      disableDefaultEndpoint: parsed.flag('disable-default-endpoint'),
      embeddedRegistry: parsed.text('embedded-registry') ?? null,
    });
    const root = `/var/lib/rancher/${distribution}/agent/etc/containerd`;
    const files = [...hosts].map(([directory, host]): [string, string] => [
      hideUrlLogins(`${root}/certs.d/${directory}/hosts.toml`),
      hideUrlLogins(formatHostsToml(host, distribution)),
    ]);
    const stanzas = hideUrlLogins(formatAuthStanzas(loaded.file, () => maskedSecret));
    const all: [string, string][] =
      stanzas === '' ? files : [...files, [`${root}/config.toml`, stanzas]];
    const text = parsed.flag('json')
      ? `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`
      : formatFiles(all);
    io.write(io.isTerminal ? safeForTerminal(text) : text);
    return 0;
  },
};

function formatFiles(files: readonly [string, string][]): string {
  if (files.length === 0) {
    return 'The node writes no files: everything goes to the default endpoints.\n';
  }
  return files
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, content]) => `==> ${path} <==\n${content}`)
    .join('\n');
}

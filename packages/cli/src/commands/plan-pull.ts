/**
 * `moorage pull-plan`: the requests that a node makes for an image, in order.
 */
import { type PullAttempt, type PullEngine, type PullPlan, planPull } from '@moorage/core';
import { parseArguments, readInput } from '../arguments.js';
import type { Command } from '../command.js';
import { safeForTerminal } from '../terminal-text.js';
import { UsageError } from '../usage-error.js';

const options = {
  registries: { type: 'string' },
  engine: { type: 'string', default: 'k3s-containerd' },
  'pull-secret': { type: 'string', multiple: true },
  'disable-default-endpoint': { type: 'boolean' },
  'embedded-registry': { type: 'string' },
  json: { type: 'boolean' },
} as const;

export const pullPlanCommand: Command = {
  name: ['pull-plan'],
  synopsis:
    'IMAGE [--registries FILE] [--engine k3s-containerd|containerd|rke2-bootstrap] [--pull-secret FILE]… [--disable-default-endpoint] [--embedded-registry HOST:PORT] [--json]',
  summary: 'Show which endpoints a node asks for an image, by which name and with which login.',
  async run(args, io) {
    const parsed = parseArguments(args, options, ['IMAGE']);
    const [image = ''] = parsed.positionals;
    const registries = parsed.text('registries');
    const secrets = parsed.texts('pull-secret');
    const plan = planPull({
      image,
      engine: readEngine(parsed.text('engine')),
      registriesYaml: registries === undefined ? undefined : await readInput(io, registries),
      disableDefaultEndpoint: parsed.flag('disable-default-endpoint'),
      embeddedRegistry: parsed.text('embedded-registry'),
      pullSecrets: await Promise.all(secrets.map((path) => readInput(io, path))),
    });
    if (!plan.ok) {
      const { code, detail, suggestion } = plan.error;
      const hint = suggestion === undefined ? '' : `\n    → ${suggestion}`;
      io.writeError(safeForTerminal(`${image}: error: ${detail} (${code})${hint}\n`));
      return 1;
    }
    const text = parsed.flag('json') ? JSON.stringify(plan.value, null, 2) : formatPlan(plan.value);
    io.write(safeForTerminal(`${text}\n`));
    return plan.value.attempts.length > 0 ? 0 : 1;
  },
};

function readEngine(value: string | undefined): PullEngine {
  if (value === 'k3s-containerd' || value === 'containerd' || value === 'rke2-bootstrap') {
    return value;
  }
  throw new UsageError('--engine is k3s-containerd, containerd or rke2-bootstrap');
}

function formatPlan({ reference, directory, attempts, warnings }: PullPlan): string {
  return [
    reference,
    `  settings from: ${directory === null ? 'no entry of its own' : `certs.d/${directory}`}`,
    ...attempts.flatMap(formatAttempt),
    ...warnings.map(({ message, code }) => `  warning: ${message} (${code})`),
  ].join('\n');
}

function formatAttempt(attempt: PullAttempt, index: number): readonly string[] {
  const { method, url, isDefault, credential, tls } = attempt;
  const who =
    credential === null
      ? 'anonymous'
      : `${credential.username ?? 'a token'} from ${credential.from}`;
  const trust = tls?.insecureSkipVerify ? ', TLS not verified' : '';
  return [
    `  ${index + 1}. ${method} ${url}`,
    `     ${isDefault ? 'default endpoint, ' : ''}${who}${trust}`,
  ];
}

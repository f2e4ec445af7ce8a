/**
 * Traps in whole mirror entries: names that match no image, entries that do nothing, files that
 * containerd rejects.
 *
 * Sources: K3s `pkg/agent/containerd/config.go`; distribution/reference for what names a registry.
 *
 * Does not handle: single endpoints and rewrites.
 */

import { parse } from 'smol-toml';
import { shown, visibleText } from '../../finding-parameters.js';
import { documentStart, type Finding, found, type Position } from '../diagnostic.js';
import { isLocalhost } from '../endpoint-address.js';
import { formatHostsToml } from '../hosts-toml.js';
import type { MirrorSpec } from '../registries-file.js';
import { insteadOf, isHost, keyWithoutLogin } from './host-name.js';
import { type Rule, type RuleContext } from './rule.js';

export const checkMirrors: Rule = (context) => [
  ...[...context.file.mirrors].flatMap(([name, mirror]) => [
    ...checkName(name, mirror),
    ...checkEffect(context, name, mirror),
    ...checkPullSecrets(context, name, mirror),
  ]),
  ...checkRenderedFiles(context),
];

function checkName(name: string, mirror: MirrorSpec): readonly Finding[] {
  const problem = nameProblem(name, mirror.at);
  return problem === null ? [] : [problem];
}

function nameProblem(name: string, at: Position): Finding | null {
  if (name === '*' || name === 'docker.io') {
    return null;
  }
  const path = ['mirrors', name];
  if (name === 'index.docker.io') {
    return found('warning', 'mirror-index-docker-io', path, at, {
      message:
        'Image names are compared after index.docker.io has become docker.io, so this entry never matches.',
      suggestion: 'Write docker.io.',
    });
  }
  if (name === 'registry-1.docker.io') {
    return found('warning', 'mirror-registry-1-docker-io', path, at, {
      message:
        'Images of Docker Hub are named docker.io; only images written registry-1.docker.io/… match this entry.',
      suggestion: 'Write docker.io.',
    });
  }
  if (!isHost(name)) {
    const { form, host, suggestion } = insteadOf(name);
    return found('warning', 'mirror-not-a-registry', path, at, {
      message: `${shown(keyWithoutLogin(name))} is not host[:port] as it stands in image names, so it never matches.`,
      suggestion,
      parameters: { name: visibleText(keyWithoutLogin(name)), reason: 'form', form, instead: host },
    });
  }
  if (!/[.:A-Z]/.test(name) && name !== 'localhost') {
    return found('warning', 'mirror-not-a-registry', path, at, {
      message: `No image has the registry ${shown(name)}: without a period or colon it is a part of a Docker Hub name.`,
      suggestion: 'Write the full host name, with its port if it has one.',
      parameters: { name: visibleText(name), reason: 'dotless', form: 'name', instead: '' },
    });
  }
  return null;
}

function checkEffect(context: RuleContext, name: string, mirror: MirrorSpec): readonly Finding[] {
  const { embeddedRegistry, disableDefaultEndpoint } = context.options;
  const isEmbedded = embeddedRegistry !== null && !isLocalhost(name);
  const path = ['mirrors', name];
  if (mirror.endpoints.length > 0 || isEmbedded) {
    return [];
  }
  const shields = name !== '*' && context.file.mirrors.has('*');
  const because = shields ? ' It does not shield the registry from the "*" mirror either.' : '';
  const disabled = disableDefaultEndpoint
    ? ' The default endpoint stays in use although it is disabled.'
    : '';
  return [
    found(disableDefaultEndpoint ? 'warning' : 'info', 'mirror-without-endpoint', path, mirror.at, {
      message: `A mirror without endpoints does nothing unless the embedded registry is on.${because}${disabled}`,
      suggestion: 'Add an endpoint, or remove the entry.',
      parameters: { shields: yesOrNo(shields), disabled: yesOrNo(disableDefaultEndpoint) },
    }),
  ];
}

function yesOrNo(fact: boolean): string {
  return fact ? 'yes' : 'no';
}

function checkPullSecrets(
  context: RuleContext,
  name: string,
  mirror: MirrorSpec,
): readonly Finding[] {
  const directory = context.built.hosts.get(name === '*' ? '_default' : name);
  const withLogin = directory?.endpoints.filter((endpoint) => endpoint.auth !== null) ?? [];
  if (mirror.endpoints.length === 0 || withLogin.length === 0) {
    return [];
  }
  return [
    found('info', 'pull-secret-beats-mirror', ['mirrors', name], mirror.at, {
      message: `A pod with a pull secret for ${name === '*' ? 'a mirrored registry' : shown(name)} offers that login to the mirror as well; the login written here is then not used.`,
      suggestion:
        'Leave pull secrets for mirrored registries out, or let the mirror be read without a login.',
      parameters: { scope: name === '*' ? 'any' : 'one', registry: visibleText(name) },
    }),
  ];
}

// The judge is a TOML parser: whatever made the text invalid, containerd drops all mirrors of that
// registry and goes to its default endpoint.
function checkRenderedFiles({ file, built, options }: RuleContext): readonly Finding[] {
  return [...built.hosts].flatMap(([directory, host]) => {
    const name = directory === '_default' ? '*' : directory;
    const spec = file.mirrors.get(name) ?? file.configs.get(name);
    if (isToml(formatHostsToml(host, options.distribution))) {
      return [];
    }
    const section = file.mirrors.has(name) ? 'mirrors' : 'configs';
    return [
      found('error', 'hosts-toml-rejected', [section, name], spec?.at ?? documentStart, {
        message: `containerd rejects the hosts.toml made from this: every mirror of ${shown(name)} is ignored.`,
        suggestion: 'Remove backslashes, quotes and line breaks from its endpoints and rewrites.',
        parameters: { registry: visibleText(name) },
      }),
    ];
  });
}

function isToml(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}

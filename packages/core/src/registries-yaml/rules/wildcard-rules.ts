/**
 * Traps around `configs."*"`, which does much less than its name promises.
 *
 * Source: K3s `pkg/agent/containerd/config.go` (the wildcard's settings are stored as `_default` and
 * looked up as `*`); containerd looks up logins by host only.
 *
 * Does not handle: RKE2's own first pull, which does apply the wildcard everywhere.
 */
import { visibleText } from '../../finding-parameters.js';
import { type Finding, found } from '../diagnostic.js';
import { type Rule } from './rule.js';

export const checkWildcard: Rule = (context) => {
  const { file } = context;
  const wildcard = file.configs.get('*');
  if (wildcard === undefined) {
    return [];
  }
  const path = ['configs', '*'];
  const findings: Finding[] = [];
  const example =
    context.endpoints.find(({ registry }) => registry === '*') ?? context.endpoints[0];
  const host = visibleText(example?.address.registry ?? '');
  const words = {
    suggestion:
      host === ''
        ? "Put the settings under each host's own name."
        : `Put the settings under "${host}".`,
    parameters: { form: host === '' ? 'each' : 'host', host },
  };
  if (wildcard.auth !== null) {
    findings.push(
      found('warning', 'wildcard-login-unused', path, wildcard.auth.at, {
        message: 'containerd looks up logins by host and never under "*": this login is not used.',
        ...words,
      }),
    );
  }
  if (file.mirrors.has('*')) {
    findings.push(
      found('warning', 'wildcard-config-lost', path, wildcard.at, {
        message: 'The "*" mirror replaces these settings: nothing of them reaches any registry.',
        ...words,
      }),
    );
  } else if (wildcard.tls !== null && example !== undefined) {
    findings.push(
      found('warning', 'wildcard-config-not-for-mirrors', path, wildcard.at, {
        message:
          'These settings do not apply to mirrors, only to the default endpoints of registries without an entry of their own.',
        ...words,
      }),
    );
  }
  return findings;
};

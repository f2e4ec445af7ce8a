/**
 * What RKE2 does otherwise with the same file: its own first pull (`rancher/rke2-runtime`) is made
 * without containerd and by other rules.
 *
 * Source: wharfie `pkg/registries/registries.go`.
 *
 * Does not handle: K3s, which has no such pull.
 */

import { shown, visibleText } from '../../finding-parameters.js';
import { normalizeBootstrapEndpoint } from '../bootstrap-endpoints.js';
import { documentStart, type Finding, found } from '../diagnostic.js';
import { type Rule } from './rule.js';

export const checkDistribution: Rule = (context) => {
  if (context.options.distribution !== 'rke2') {
    return [];
  }
  const findings: Finding[] = [];
  if (context.options.disableDefaultEndpoint) {
    findings.push(
      found('info', 'bootstrap-uses-default', [], documentStart, {
        message:
          'RKE2’s own first pull ignores the disabled default endpoint and falls back to it.',
        suggestion: 'In a closed network, load rancher/rke2-runtime onto the node beforehand.',
      }),
    );
  }
  for (const { address, path, at } of context.endpoints) {
    const read = normalizeBootstrapEndpoint(address.parsed.host === '' ? '' : address.url);
    if (read.ok && read.value.path !== address.parsed.path) {
      findings.push(
        found('info', 'bootstrap-cleans-path', path, at, {
          message: `RKE2’s own first pull uses the path ${shown(read.value.path)} here.`,
          suggestion: 'Write the path without closing or double slashes.',
          parameters: { path: visibleText(read.value.path) },
        }),
      );
    }
  }
  return findings;
};

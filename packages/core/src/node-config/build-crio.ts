/**
 * Renders an environment for CRI-O (and podman): a drop-in for `registries.conf`, certificate folders
 * and an auth file.
 *
 * Shape: `[[registry]]` with `prefix`, `location`, `insecure` and `[[registry.mirror]]`; the longest
 * prefix wins. Source: containers-registries.conf(5), containers/image `sysregistriesv2`.
 *
 * Does not handle: a mirror for every registry, API roots other than `/v2`, rewrites that are more
 * than another prefix. A login is not sent to a mirror on another host when a pod passes one.
 */
import { shown, visibleText } from '../finding-parameters.js';
import type { RewriteRule } from '../rewrite.js';
import { type NodeEndpoint, parseNodeEndpoint } from './endpoint.js';
import { leftOut, ruleLeftOut } from './finding.js';
import { buildMirrorEntries, type MirrorEntry } from './mirror-entries.js';
import type { NodeConfig, NodeConfigModel, NodeConfigOptions, NotExpressible } from './model.js';
import { buildAuthsFile, buildCertificateFolders, scopedCredentialNotes } from './node-logins.js';
import { quoteToml } from './toml-text.js';

interface PrefixRule {
  readonly from: string;
  readonly to: string;
}

export function buildCrio(
  model: NodeConfigModel,
  { secrets }: Pick<NodeConfigOptions, 'secrets'>,
): NodeConfig {
  const { entries, notExpressible, diagnostics } = buildMirrorEntries(model);
  const expressible = entries.filter(({ registry }) => registry !== '*');
  const insecure = model.registries.filter(
    ({ address, scheme, tls }) =>
      (scheme === 'http' || tls.insecureSkipVerify) &&
      !expressible.some(({ registry }) => registry === address),
  );
  const tables = [
    ...expressible.flatMap((entry) => mirrorTables(entry, model)),
    ...insecure
      .map(({ address }) => address)
      .toSorted()
      .map((address) => registryTable(address, model)),
  ];
  const head = '# Written by Moorage. CRI-O rereads it on "systemctl reload crio".';
  return {
    files: [
      {
        path: '/etc/containers/registries.conf.d/50-moorage.conf',
        mode: '0644',
        content: `${[head, ...tables].join('\n\n')}\n`,
      },
      ...buildCertificateFolders(model, '/etc/containers/certs.d', secrets),
      ...buildAuthsFile(model, '/etc/containers/auth.json', secrets, (address) => address),
    ],
    notExpressible: [
      ...notExpressible,
      ...entries.flatMap(inexpressible),
      ...scopedCredentialNotes(model),
    ],
    restart: 'live',
    diagnostics,
  };
}

function registryTable(name: string, model: NodeConfigModel): string {
  const registry = model.registries.find(
    ({ address }) => name === address || name.startsWith(`${address}/`),
  );
  const isInsecure = registry?.scheme === 'http' || registry?.tls.insecureSkipVerify === true;
  return [
    '[[registry]]',
    `prefix = ${quoteToml(name)}`,
    `location = ${quoteToml(name)}`,
    ...(isInsecure ? ['insecure = true'] : []),
  ].join('\n');
}

function mirrorTables(entry: MirrorEntry, model: NodeConfigModel): readonly string[] {
  const rules = entry.rewrites.map(asPrefixRule).filter((rule) => rule !== null);
  const whole = rules.find(({ from }) => from === '');
  const parts = rules.filter(({ from }) => from !== '');
  return [
    mirrorTable(entry.registry, whole?.to ?? '', entry, model),
    ...parts.map(({ from, to }) => mirrorTable(`${entry.registry}/${from}`, to, entry, model)),
  ];
}

function mirrorTable(
  prefix: string,
  to: string,
  entry: MirrorEntry,
  model: NodeConfigModel,
): string {
  const mirrors = entry.endpoints
    .map(parseNodeEndpoint)
    .filter((endpoint) => endpoint !== null)
    .flatMap((endpoint) => {
      const folder = repositoryPrefix(endpoint);
      if (folder === null) {
        return [];
      }
      const location = [endpoint.host, folder, to].filter((part) => part !== '').join('/');
      const owner = model.registries.find(({ address }) => address === endpoint.host);
      const isInsecure = endpoint.scheme === 'http' || owner?.tls.insecureSkipVerify === true;
      return [
        `[[registry.mirror]]\nlocation = ${quoteToml(location)}${isInsecure ? '\ninsecure = true' : ''}`,
      ];
    });
  return [registryTable(prefix, model), ...mirrors].join('\n');
}

/** `/v2/proxy` as API root is the repository prefix `proxy`; other roots have no equivalent. */
function repositoryPrefix({ path }: NodeEndpoint): string | null {
  const match = /^(?:\/?|\/v2\/?|\/v2\/(.+?)\/?)$/.exec(path);
  return match === null ? null : (match[1] ?? '');
}

/** A rule that only exchanges a leading path: `^a/(.*)` → `b/$1`, `(.*)` → `b/$1`, `^a/` → `b/`. */
function asPrefixRule({ pattern, replacement }: RewriteRule): PrefixRule | null {
  const from = /^\^?((?:[a-z0-9_/-]|\[\.\])*)\(\.\*\)\$?$/.exec(pattern)?.[1];
  const to = /^([a-z0-9_./-]*)\$(?:1|\{1\})$/.exec(replacement)?.[1];
  const isWhole = from === '' || pattern.startsWith('^');
  const bare = /^\^([a-z0-9_-]+(?:\/[a-z0-9_-]+)*)\/$/.exec(pattern)?.[1];
  if (bare !== undefined && /^[a-z0-9_./-]*\/$/.test(replacement)) {
    return { from: bare, to: replacement.slice(0, -1) };
  }
  if (from === undefined || to === undefined || !isWhole || !isFolder(from) || !isFolder(to)) {
    return null;
  }
  return { from: from.replaceAll('[.]', '.').replace(/\/$/, ''), to: to.replace(/\/$/, '') };
}

function isFolder(text: string): boolean {
  return text === '' || text.endsWith('/');
}

function inexpressible(entry: MirrorEntry): readonly NotExpressible[] {
  const { registry, endpoints, rewrites } = entry;
  if (registry === '*') {
    const detail = 'CRI-O has no mirror for every registry; name the registries one by one.';
    return [leftOut('node-config.wildcard-mirror', { detail })];
  }
  const paths = endpoints.filter((text) => {
    const endpoint = parseNodeEndpoint(text);
    return endpoint !== null && repositoryPrefix(endpoint) === null;
  });
  return [
    ...paths.map((text) =>
      leftOut('node-config.endpoint-path', {
        detail: `${registry}: CRI-O cannot use another API root than /v2: ${text}.`,
        parameters: { target: 'crio', registry, endpoint: visibleText(text) },
      }),
    ),
    ...rewrites
      .filter((rule) => asPrefixRule(rule) === null)
      .map((rule) =>
        ruleLeftOut(
          registry,
          rule,
          'crio',
          `CRI-O can only exchange a leading path, not ${shown(rule.pattern)} → ${shown(rule.replacement)}.`,
        ),
      ),
  ];
}

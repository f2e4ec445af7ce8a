/**
 * Renders an environment for dockerd (through cri-dockerd): `daemon.json`, certificate folders, and
 * the kubelet's own login file.
 *
 * Sources: moby `registry/config.go` (`registry-mirrors` are for Docker Hub only, without path;
 * `insecure-registries` means TLS unverified and http allowed); kubelet `credentialprovider/config.go`.
 *
 * Does not handle: mirrors for other registries, rewrites, switching the default off. dockerd has none.
 */
import { shown, visibleText } from '../finding-parameters.js';
import { isPlainLoopback, parseNodeEndpoint } from './endpoint.js';
import { leftOut, nodeFinding, ruleLeftOut } from './finding.js';
import { buildMirrorEntries } from './mirror-entries.js';
import type { NodeConfig, NodeConfigModel, NodeConfigOptions, NotExpressible } from './model.js';
import { buildAuthsFile, buildCertificateFolders, scopedCredentialNotes } from './node-logins.js';

export function buildDockerDaemon(
  model: NodeConfigModel,
  { secrets }: Pick<NodeConfigOptions, 'secrets'>,
): NodeConfig {
  const { entries, notExpressible, diagnostics } = buildMirrorEntries(model);
  const hub = entries.find(({ registry }) => registry === 'docker.io');
  const endpoints = (hub?.endpoints ?? []).map(parseNodeEndpoint).filter((e) => e !== null);
  const usable = endpoints.filter(({ path }) => path === '' || path === '/');
  const insecure = model.registries
    .filter(
      ({ address, scheme, tls }) =>
        (scheme === 'http' && !isPlainLoopback(address)) || tls.insecureSkipVerify,
    )
    .map(({ address }) => address)
    .concat(usable.filter(({ scheme }) => scheme === 'http').map(({ host }) => host));
  const settings = {
    'registry-mirrors': usable.map(({ scheme, host }) => `${scheme}://${host}/`),
    'insecure-registries': [...new Set(insecure)].toSorted(),
  };
  const left: NotExpressible[] = [
    ...entries
      .filter(({ registry }) => registry !== 'docker.io')
      .map(({ registry }) =>
        leftOut('node-config.mirror', {
          detail: `dockerd has mirrors for Docker Hub only, none for ${registry}.`,
          parameters: { target: 'docker', registry },
        }),
      ),
    ...endpoints
      .filter((endpoint) => !usable.includes(endpoint))
      .map(({ text }) =>
        leftOut('node-config.endpoint-path', {
          detail: `dockerd takes no mirror with a path: ${text}.`,
          parameters: { target: 'docker', registry: 'docker.io', endpoint: visibleText(text) },
        }),
      ),
    ...(hub?.rewrites ?? []).map((rule) =>
      ruleLeftOut(
        'docker.io',
        rule,
        'docker',
        `dockerd has no rewrites (${shown(rule.pattern)} → ${shown(rule.replacement)}).`,
      ),
    ),
  ];
  return {
    files: [
      {
        path: '/etc/docker/daemon.json',
        mode: '0644',
        content: `${JSON.stringify(settings, null, 2)}\n`,
      },
      ...buildCertificateFolders(model, '/etc/docker/certs.d', secrets),
      ...buildAuthsFile(model, '/var/lib/kubelet/config.json', secrets, (address) =>
        address === 'docker.io' ? 'https://index.docker.io/v1/' : address,
      ),
    ],
    notExpressible: [...notExpressible, ...left, ...scopedCredentialNotes(model)],
    // dockerd rereads both settings on SIGHUP; certificates and logins are read on use.
    restart: 'live',
    diagnostics: [
      ...diagnostics,
      nodeFinding('info', 'node-config.merge', '', {
        message:
          'daemon.json may hold other settings on the node: merge these two keys into it, then send dockerd SIGHUP.',
      }),
    ],
  };
}
